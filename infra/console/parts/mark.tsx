import { say } from '../state/reader.ts'

/** What can be said of an instance, an item or a cell of the readiness table. */
export type Verdict =
  | 'passed'
  | 'warning'
  | 'failed'
  | 'inconclusive'
  | 'never'
  | 'running'
  | 'ready'
  | 'degraded'
  | 'blocked'
  | 'unknown'
  | 'error'
  | 'timed_out'
  | 'skipped'
  | 'pending'
  | 'protected'
  | 'new'
  | 'at-risk'
  | 'not_run'
  | 'waiting'
  | 'starting'
  | 'started'

/** A shape for each, so that nobody needs the colour. */
export const shapes: Readonly<Record<Verdict, { readonly shape: string; readonly tone: string }>> = {
  passed: { shape: '✓', tone: 'good' },
  ready: { shape: '✓', tone: 'good' },
  warning: { shape: '▲', tone: 'risk' },
  degraded: { shape: '▲', tone: 'risk' },
  failed: { shape: '✕', tone: 'bad' },
  blocked: { shape: '✕', tone: 'bad' },
  error: { shape: '✕', tone: 'bad' },
  inconclusive: { shape: '?', tone: 'open' },
  unknown: { shape: '?', tone: 'open' },
  timed_out: { shape: '?', tone: 'open' },
  never: { shape: '–', tone: 'none' },
  skipped: { shape: '–', tone: 'none' },
  pending: { shape: '·', tone: 'none' },
  protected: { shape: '✓', tone: 'good' },
  new: { shape: '–', tone: 'none' },
  'at-risk': { shape: '✕', tone: 'bad' },
  not_run: { shape: '–', tone: 'none' },
  waiting: { shape: '·', tone: 'none' },
  starting: { shape: '·', tone: 'none' },
  started: { shape: '…', tone: 'none' },
  running: { shape: '…', tone: 'none' },
}

/** A shape and its word. */
export const Mark = ({ verdict }: { readonly verdict: Verdict }) => {
  const { shape, tone } = shapes[verdict]
  return (
    <span class={`mark ${tone}`}>
      <span class="shape" aria-hidden="true">
        {shape}
      </span>
      {say()[verdict]}
    </span>
  )
}
