import type { ProtectionView } from '../../../functions/api/views/protection-view.ts'
import { Mark } from '../parts/mark.tsx'
import { Loading, Trouble } from '../parts/notice.tsx'
import { Table } from '../parts/table.tsx'
import { say } from '../state/reader.ts'
import { useRemote } from '../state/remote.ts'
import { duration } from '../state/amounts.ts'
import { clockTime, exactTime, secondsOf } from '../state/times.ts'

type Row = ProtectionView['databases'][number]

const Backup = ({ backup }: { readonly backup: Row['full'] }) => {
  if (backup === null) return <td>–</td>
  const at = secondsOf(backup.at)
  return <td title={exactTime(at)}>{clockTime(at)}</td>
}

const minutes = (value: number | null): string => (value === null ? say().unknown : duration(value))

const OneDatabase = ({ row }: { readonly row: Row }) => (
  <tr>
    <th scope="row">{row.database}</th>
    <td>
      <Mark verdict={row.state} />
    </td>
    <td>
      {minutes(row.exposureMinutes)}
      {row.objectiveMinutes !== null && <small> {say().ofAtMost(duration(row.objectiveMinutes))}</small>}
    </td>
    <td>{minutes(row.worstExposureMinutes7d)}</td>
    <Backup backup={row.full} />
    <Backup backup={row.log} />
    <td>{minutes(row.restoreSeconds === null ? null : row.restoreSeconds / 60)}</td>
  </tr>
)

/** What would be lost of each database if the server died. */
export const Protection = ({ id }: { readonly id: string }) => {
  const texts = say()
  const protection = useRemote<ProtectionView>(`v1/instances/${encodeURIComponent(id)}/protection`, 0)
  const body = protection.body.value
  if (protection.problem.value?.code === 'NO_LAST_RESULT') return null
  const heads = [
    texts.database,
    texts.outcome,
    texts.exposure,
    texts.worstWeek,
    texts.lastFull,
    texts.lastLog,
    texts.restoreTakes,
  ]
  return (
    <section aria-labelledby="protection">
      <h2 id="protection">{texts.protection}</h2>
      {body === null && <Loading of={protection} />}
      <Trouble of={protection} />
      {body !== null && body.databases.length === 0 && <p>{texts.noProtection}</p>}
      {body !== null && body.databases.length > 0 && (
        <Table label={texts.protection} heads={heads}>
          {body.databases.map((row) => (
            <OneDatabase key={row.database} row={row} />
          ))}
        </Table>
      )}
    </section>
  )
}
