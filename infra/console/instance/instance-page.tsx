import type { PrecheckSummary } from '../../../functions/api/views/precheck-view.ts'
import { Freshness } from '../parts/notice.tsx'
import { linkTo } from '../state/address.ts'
import { say } from '../state/reader.ts'
import { type PageOf, useRemote } from '../state/remote.ts'
import { History } from './history.tsx'
import { Numbers } from './numbers.tsx'
import { Protection } from './protection.tsx'
import { Result } from './result.tsx'
import { PrecheckNow, Progress } from './run.tsx'
import { Setup } from './setup.tsx'

/** Between two looks at whether a precheck runs, ms. */
const everyMs = 10_000

const parts = ['result', 'past', 'setup'] as const

const Past = ({ id }: { readonly id: string }) => (
  <>
    <History id={id} />
    <Numbers id={id} />
    <Protection id={id} />
  </>
)

/** An instance: its last result, what there was before, and when and how it is prechecked. */
export const InstancePage = ({
  id,
  part = 'result',
}: {
  readonly id: string
  readonly part: string | undefined
}) => {
  const texts = say()
  const path = `v1/instances/${encodeURIComponent(id)}/prechecks?limit=1`
  const newest = useRemote<PageOf<PrecheckSummary>>(path, everyMs)
  const [latest] = newest.body.value?.items ?? []
  return (
    <>
      <h1>{id}</h1>
      <nav class="parts no-print" aria-label={id}>
        {parts.map((each) => (
          <a
            key={each}
            href={linkTo(each === 'result' ? ['instances', id] : ['instances', id, each])}
            aria-current={each === part ? 'page' : undefined}
          >
            {texts[each]}
          </a>
        ))}
      </nav>
      <Freshness of={newest} />
      {latest?.state === 'running' ? (
        <Progress key={latest.id} precheckId={latest.id} onEnd={() => void newest.refresh()} />
      ) : (
        <div class="no-print">
          <PrecheckNow instanceId={id} onStart={() => void newest.refresh()} />
        </div>
      )}
      {part === 'result' && <Result id={id} newestId={latest?.state === 'completed' ? latest.id : null} />}
      {part === 'past' && <Past id={id} />}
      {part === 'setup' && <Setup id={id} />}
    </>
  )
}
