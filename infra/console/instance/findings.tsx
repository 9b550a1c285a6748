import { useRef } from 'preact/hooks'
import type { PrecheckView } from '../../../functions/api/views/precheck-view.ts'
import type { notApplicable } from '../../../shared/model/outcome.ts'
import { Copy, Copyable } from '../parts/copy.tsx'
import { Mark } from '../parts/mark.tsx'
import { mayRun } from '../state/api.ts'
import { say } from '../state/reader.ts'
import { clockTime, secondsOf } from '../state/times.ts'
import { Acknowledge } from './acknowledge.tsx'
import { type Finding, findingText } from './finding-text.ts'

type Item = PrecheckView['items'][number]

const Evidence = ({ title, facts }: { readonly title: string; readonly facts: Finding['observed'] }) => {
  const entries = Object.entries(facts)
  if (entries.length === 0) return null
  return (
    <>
      <dt>{title}</dt>
      {entries.map(([name, value]) => (
        <dd key={name}>
          <code>
            {name} = {typeof value === 'string' ? value : JSON.stringify(value)}
          </code>
        </dd>
      ))}
    </>
  )
}

const Remediation = ({ remediation }: { readonly remediation: NonNullable<Finding['remediation']> }) => {
  const texts = say()
  return (
    <details>
      <summary>{texts.fix}</summary>
      <ol>
        {remediation.steps.map((step, at) => (
          <li key={at}>
            <p>
              {step.text} <span class={`risk-label ${step.risk}`}>{step.riskText}</span>{' '}
              <small>{texts.needs(step.needsText)}</small>
            </p>
            {step.command !== null && <Copyable text={step.command} />}
            {step.escapedCommand !== undefined && <pre tabIndex={0}>{step.escapedCommand}</pre>}
          </li>
        ))}
      </ol>
      {remediation.verify && (
        <>
          <p>{texts.verify}</p>
          <Copyable text={remediation.verify.query} />
        </>
      )}
    </details>
  )
}

const OneFinding = ({ finding, instanceId }: { readonly finding: Finding; readonly instanceId: string }) => {
  const texts = say()
  const { blocks, degrades, acknowledgement, object, level } = finding
  const shown = useRef<HTMLLIElement>(null)
  const named = (list: Finding['blocks']) => list.map((operation) => texts[operation]).join(' · ')
  return (
    <li ref={shown} class={`finding ${level}`}>
      <p>{finding.text}</p>
      <ul class="effects">
        {blocks.length > 0 && <li>{texts.blocksList(named(blocks))}</li>}
        {degrades.length > 0 && <li>{texts.degradesList(named(degrades))}</li>}
      </ul>
      <dl>
        <Evidence title={texts.observed} facts={finding.observed} />
        <Evidence title={texts.expected} facts={finding.expected} />
      </dl>
      {finding.remediation && <Remediation remediation={finding.remediation} />}
      {acknowledgement && (
        <p class="note">
          {texts.acknowledged(acknowledgement.author, clockTime(secondsOf(acknowledgement.expiresAt)))}{' '}
          {acknowledgement.reason}
        </p>
      )}
      <Copy text={findingText(finding, texts)} label={texts.copyFinding} shown={shown} />
      {!acknowledgement && level !== 'note' && mayRun() && (
        <Acknowledge
          instanceId={instanceId}
          checkItem={finding.checkItem}
          database={object.type === 'instance' ? null : object.name}
        />
      )}
    </li>
  )
}

const OneItem = ({ item, instanceId }: { readonly item: Item; readonly instanceId: string }) => {
  const { checkItem, title, status, reason, retried, findings, totals } = item
  return (
    <article>
      <h3>
        <Mark verdict={status} /> {title} <small>{checkItem}</small>
      </h3>
      {reason && (
        <p>
          {reason.text} {reason.advice}
        </p>
      )}
      {retried && <p class="hint">{retried.text}</p>}
      {totals && <p class="hint">{say().tooMany(findings.length, totals.findings)}</p>}
      <ul class="findings">
        {findings.map((finding) => (
          <OneFinding key={finding.fingerprint} finding={finding} instanceId={instanceId} />
        ))}
      </ul>
    </article>
  )
}

/** Worst first; in the order of the plan within. */
const order: readonly Item['status'][] = [
  'failed',
  'error',
  'timed_out',
  'warning',
  'skipped',
  'pending',
  'passed',
]

/** Items of which nothing has to be done: they have notes at most, or do not apply. */
const isQuiet = ({ status, reason, findings }: Item): boolean =>
  (status === 'passed' && findings.length > 0) ||
  (status === 'skipped' && reason?.code === ('NOT_APPLICABLE' satisfies typeof notApplicable))

const Folded = ({
  title,
  items,
  instanceId,
}: {
  title: string
  items: readonly Item[]
  instanceId: string
}) =>
  items.length === 0 ? null : (
    <details>
      <summary>{title}</summary>
      {items.map((item) => (
        <OneItem key={item.checkItem} item={item} instanceId={instanceId} />
      ))}
    </details>
  )

/** What each check item found, and how to fix it. */
export const Findings = ({ precheck: { items, instanceId } }: { readonly precheck: PrecheckView }) => {
  const texts = say()
  const passed = items.filter(({ status, findings }) => status === 'passed' && findings.length === 0)
  const quiet = items.filter(isQuiet)
  const telling = items
    .filter((item) => !passed.includes(item) && !quiet.includes(item))
    .toSorted((one, other) => order.indexOf(one.status) - order.indexOf(other.status))
  return (
    <section aria-labelledby="findings">
      <h2 id="findings">{texts.findings}</h2>
      {telling.length === 0 && <p>{texts.noFindings}</p>}
      {telling.map((item) => (
        <OneItem key={item.checkItem} item={item} instanceId={instanceId} />
      ))}
      <Folded title={texts.quietItems(quiet.length)} items={quiet} instanceId={instanceId} />
      <Folded title={texts.passedItems(passed.length)} items={passed} instanceId={instanceId} />
    </section>
  )
}
