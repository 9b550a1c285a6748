import type { Locale } from '../../../shared/model/message.ts'
import { allOperations } from '../../../shared/model/operation.ts'
import type { PrecheckView } from '../views/precheck-view.ts'
import { escaped } from './markup.ts'
import { words } from './words.ts'

type Item = PrecheckView['items'][number]
type Finding = Item['findings'][number]

/** Colours with a contrast of 4.5 at least on what they stand on (WCAG 2.2, 1.4.3), as on paper. */
const style = `
:root { color-scheme: light; font: 15px/1.5 system-ui, "Noto Sans SC", sans-serif; color: #1c2024; background: #fff }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.6rem; margin: 0 }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem }
h3 { font-size: 1rem; margin: 1.2rem 0 .2rem }
p { margin: .3rem 0 } code, pre { font-family: ui-monospace, monospace; font-size: .87rem }
pre { background: #f2f4f6; padding: .5rem .8rem; margin: .3rem 0; white-space: pre-wrap; overflow-wrap: anywhere }
table { border-collapse: collapse } th, td { border: 1px solid #c4cbd2; padding: .25rem .7rem; text-align: left }
.passed, .ready { color: #146c2e } .warning, .degraded, .note { color: #7a4d00 } .failed, .blocked { color: #b3261e }
.inconclusive, .unknown, .error, .timed_out, .pending, .running { color: #6b3fa0 }
.outcome { font-size: 1.25rem; font-weight: 600 } .quiet { color: #55606b }
@media print { body { margin: 0; max-width: none } section, tr { break-inside: avoid } }
`

const stepsOf = ({ remediation, acknowledgement }: Finding, locale: Locale): string => {
  const { acknowledged, commands } = words[locale]
  const accepted = acknowledgement
    ? `<p class="quiet">${escaped(acknowledged(acknowledgement.author, acknowledgement.expiresAt, acknowledgement.reason))}</p>`
    : ''
  const steps = (remediation?.steps ?? []).map(({ text, command }) => {
    const code = command === null ? '' : `<pre>${escaped(command)}</pre>`
    return `<li>${escaped(text)}${code}</li>`
  })
  return accepted + (steps.length > 0 ? `<p>${commands}</p><ol>${steps.join('')}</ol>` : '')
}

const itemSection = (item: Item, locale: Locale): string => {
  const { statuses, levels, moreFindings } = words[locale]
  const { checkItem, title, status, reason, retried, findings, totals } = item
  const why = reason ? `<p>${escaped([reason.text, reason.advice].filter(Boolean).join(' '))}</p>` : ''
  const list = findings.map(
    (finding) =>
      `<div><p><strong class="${finding.level}">${levels[finding.level]}</strong> ${escaped(finding.text)}</p>${stepsOf(finding, locale)}</div>`,
  )
  const rest = (totals?.findings ?? findings.length) - findings.length
  return [
    `<section><h3>${escaped(title)}</h3>`,
    `<p class="quiet"><code>${escaped(checkItem)}</code> <span class="${status}">${statuses[status]}</span></p>`,
    why,
    ...(retried ? [`<p class="quiet">${escaped(retried.text)}</p>`] : []),
    ...list,
    ...(totals && rest > 0 ? [`<p class="quiet">${escaped(moreFindings(rest, totals.rest))}</p>`] : []),
    '</section>',
  ].join('\n')
}

const readinessTable = ({ readiness }: PrecheckView, locale: Locale): string => {
  if (!readiness) return ''
  const own = words[locale]
  const rows = [
    { name: own.instance, cells: readiness.instance },
    ...readiness.databases.map(({ database, operations }) => ({ name: database, cells: operations })),
  ]
  const cellsOf = (cells: (typeof rows)[number]['cells']): string =>
    allOperations
      .map((operation) => cells[operation].verdict)
      .map((verdict) => `<td class="${verdict}">${own.verdicts[verdict]}</td>`)
      .join('')
  const heads = allOperations.map((operation) => `<th scope="col">${own.operations[operation]}</th>`)
  const hidden = (readiness.total ?? readiness.databases.length) - readiness.databases.length
  return [
    `<h2>${own.readiness}</h2>`,
    `<table><thead><tr><th scope="col">${own.database}</th>${heads.join('')}</tr></thead><tbody>`,
    ...rows.map(({ name, cells }) => `<tr><th scope="row">${escaped(name)}</th>${cellsOf(cells)}</tr>`),
    '</tbody></table>',
    ...(hidden > 0 ? [`<p class="quiet">${own.moreDatabases(hidden)}</p>`] : []),
  ].join('\n')
}

const namesOf = (heading: string, items: readonly Item[]): string =>
  items.length === 0
    ? ''
    : `<h2>${heading}</h2><p class="quiet">${items.map(({ checkItem }) => `<code>${escaped(checkItem)}</code>`).join(', ')}</p>`

const minuteOf = (time: string): string => time.slice(0, 16).replace('T', ' ')

/** A precheck as one file that can be kept, sent and printed: it holds no script and asks nobody for anything. */
export const htmlOf = (precheck: PrecheckView, locale: Locale): string => {
  const own = words[locale]
  const { id, instanceId, engine, region, outcome, items, coverage, comparison, startedAt, completedAt } =
    precheck
  const isQuiet = ({ status, findings }: Item): boolean =>
    status === 'skipped' || (status === 'passed' && findings.length === 0)
  const loud = items.filter((item) => !isQuiet(item))
  const added = comparison?.totals?.new ?? comparison?.new.length ?? 0
  const resolved = comparison?.totals?.resolved ?? comparison?.resolved.length ?? 0
  return [
    '<!doctype html>',
    `<html lang="${own.language}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(`${own.title}: ${instanceId}`)}</title><style>${style}</style></head><body>`,
    `<header><p class="quiet">${own.title}</p><h1>${escaped(instanceId)}</h1>`,
    `<p class="quiet">${escaped(`${engine}, ${region}`)}</p></header><main>`,
    `<p class="outcome ${outcome ?? 'running'}">${own.outcomes[outcome ?? 'running']}</p>`,
    ...(coverage ? [`<p>${own.judged(coverage.judged, coverage.total)}</p>`] : []),
    ...(comparison?.previousPrecheckId ? [`<p>${own.changes(added, resolved)}</p>`] : []),
    readinessTable(precheck, locale),
    ...(loud.length > 0 ? [`<h2>${own.toDo}</h2>`, ...loud.map((item) => itemSection(item, locale))] : []),
    namesOf(
      own.passed,
      items.filter((item) => isQuiet(item) && item.status === 'passed'),
    ),
    namesOf(
      own.notApplicable,
      items.filter(({ status }) => status === 'skipped'),
    ),
    `</main><footer><p class="quiet">${escaped(own.printed(id, minuteOf(completedAt ?? startedAt)))}</p></footer>`,
    '</body></html>',
    '',
  ].join('\n')
}
