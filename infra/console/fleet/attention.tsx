import { useSignal } from '@preact/signals'
import { Mark } from '../parts/mark.tsx'
import { Table } from '../parts/table.tsx'
import { linkTo } from '../state/address.ts'
import { say } from '../state/reader.ts'
import { ago, exactTime, nowInSeconds } from '../state/times.ts'
import { type Member, hasChanged, isStale } from './members.ts'

/** Lines at first, and with every "more". */
const lines = 25

const changeOf = (member: Member): string => {
  const texts = say()
  if (!hasChanged(member)) return texts.noChange
  const { standing, before } = member
  return texts.listed([
    ...(before !== 'never' && before !== standing ? [texts.becameSo(texts[before])] : []),
    ...(member.new > 0 ? [texts.came(member.new)] : []),
    ...(member.resolved > 0 ? [texts.went(member.resolved)] : []),
  ])
}

const Line = ({ member, now }: { readonly member: Member; readonly now: number }) => (
  <tr>
    <th scope="row">
      <a href={linkTo(['instances', member.id])}>{member.id}</a>
      <small>{[member.engine, member.region, ...member.tags].join(' · ')}</small>
    </th>
    <td>
      <Mark verdict={member.standing} /> {member.isRunning && <Mark verdict="running" />}
    </td>
    <td>{changeOf(member)}</td>
    <td title={member.completedAt > 0 ? exactTime(member.completedAt) : undefined}>
      {member.completedAt > 0 ? ago(member.completedAt, now) : ''}
      {isStale(member, now) && <strong> {say().stale}</strong>}
    </td>
  </tr>
)

/** The instances that somebody should look at, as a table. */
export const Attention = ({ members }: { readonly members: readonly Member[] }) => {
  const texts = say()
  const shown = useSignal(lines)
  const now = nowInSeconds()
  const left = members.length - shown.value
  return (
    <section aria-labelledby="attention">
      <h2 id="attention">{texts.attention}</h2>
      <p class="hint">{texts.attentionHint}</p>
      <Table label={texts.attention} heads={[texts.instance, texts.outcome, texts.changed, texts.age]}>
        {members.slice(0, shown.value).map((member) => (
          <Line key={member.id} member={member} now={now} />
        ))}
      </Table>
      {left > 0 && (
        <button type="button" onClick={() => (shown.value += lines)}>
          {texts.more(Math.min(lines, left))}
        </button>
      )}
    </section>
  )
}
