import { digestOf } from '../events/digest.ts'
import type { Digest, DigestEntry, DigestFix } from '../events/digest-parts.ts'
import type { WebhookEvent } from '../events/event.ts'
import { clip } from '../events/plain-text.ts'
import { wordsOf } from '../events/words.ts'

/** What a mail says. Neither text holds anything that is loaded from elsewhere. */
export interface MailText {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** Entries of a mail at most: as many as events hold, which have 20 KB. */
const maxEntries = 20

/** Characters of a subject: mail programs show fewer. */
const maxSubjectLength = 150

/** Colours of the band above the title, and of the counts: dark enough to be read on white. */
const colours = { good: '#1a7f37', fair: '#9a6700', odd: '#8250df', bad: '#cf222e', none: '#57606a' } as const

const font = "font-family:-apple-system,'Segoe UI',Roboto,'PingFang SC','Microsoft YaHei',sans-serif"
const mono = 'font-family:ui-monospace,Consolas,Menlo,monospace'

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (mark) => escapes[mark] ?? '')

/** The page of the console that shows what an event tells of; null where there is none. */
const pageOf = ({ data }: WebhookEvent): string | null => {
  switch (data.kind) {
    case 'night':
    case 'missed':
      return `nights/${data.night}`
    case 'sweep':
      return `nights/${data.sweepId}`
    case 'precheck':
    case 'protection':
      return `instances/${data.instanceId}`
    case 'sample':
      return null
  }
}

/** Where everything is to be read. `publicUrl` has no slash at its end; null: nobody said where the console is. */
const linkOf = (event: WebhookEvent, publicUrl: string | null): string | null => {
  const page = pageOf(event)
  return publicUrl === null || page === null ? null : `${publicUrl}/console/#/${page}`
}

const fixText = ({ label, command, remark }: DigestFix): string =>
  label + [command, remark].filter((part) => part !== null).join('  ')

const entryText = ({ subject, effect, why, fix }: DigestEntry): string =>
  [`* ${subject} — ${effect}`, why, ...(fix ? [fixText(fix)] : [])].join('\n  ')

const textOf = ({ title, notes, entries, more, footer }: Digest, link: string | null): string =>
  [title, notes.join('\n'), ...entries.map(entryText), ...(more === null ? [] : [more]), link ?? footer]
    .filter((part) => part !== '')
    .join('\n\n') + '\n'

/** One cell of a row of its own: what every mail program lays out alike. */
const row = (style: string, content: string): string => `<tr><td style="${style}">${content}</td></tr>`

const fixHtml = ({ label, command, remark }: DigestFix): string => {
  const code = `<div style="margin:4px 0;padding:8px 10px;background:#f6f8fa;border-radius:4px;${mono};font-size:13px;word-break:break-word;white-space:pre-wrap">${escape(command ?? '')}</div>`
  return `<div style="margin-top:6px;color:#57606a">${escape(label)}${command === null ? '' : code}${escape(remark ?? '')}</div>`
}

const entryHtml = ({ subject, effect, why, fix }: DigestEntry): string =>
  row(
    'padding:14px 24px;border-top:1px solid #d0d7de',
    `<div><b style="font-size:15px">${escape(subject)}</b> — <span style="color:#57606a">${escape(effect)}</span></div>` +
      `<div style="margin-top:4px">${escape(why)}</div>${fix ? fixHtml(fix) : ''}`,
  )

/** The counts of a night side by side. */
const countsHtml = ({ data }: WebhookEvent): string => {
  if (data.kind !== 'night') return ''
  const { mailCounts } = wordsOf[data.locale]
  const { failed, inconclusive, notRun, warning, passed } = data.counts
  const cells = [
    [mailCounts.failed, failed, colours.bad],
    [mailCounts.inconclusive, inconclusive, colours.odd],
    [mailCounts.notRun, notRun, colours.none],
    [mailCounts.warning, warning, colours.fair],
    [mailCounts.passed, passed, colours.good],
  ] as const
  const cell = ([name, count, colour]: (typeof cells)[number]): string =>
    `<td align="center" style="padding:6px 4px"><div style="font-size:22px;font-weight:600;color:${count > 0 ? colour : '#8c959f'}">${count}</div>` +
    `<div style="font-size:12px;color:#57606a">${escape(name)}</div></td>`
  return row(
    'padding:4px 16px 10px',
    `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="table-layout:fixed"><tr>${cells.map(cell).join('')}</tr></table>`,
  )
}

/** What the counts say is not said twice. */
const notesBeside = ({ data }: WebhookEvent, { notes }: Digest): readonly string[] => {
  if (data.kind !== 'night') return notes
  const counted = wordsOf[data.locale].counts(data.counts)
  return notes.filter((note) => !counted.includes(note))
}

const linkHtml = (link: string | null, footer: string): string =>
  link === null ? escape(footer) : `<a href="${escape(link)}" style="color:#0969da">${escape(link)}</a>`

const htmlOf = (event: WebhookEvent, digest: Digest, link: string | null): string => {
  const { tone, title, entries, more, footer } = digest
  const { locale } = event.data
  const notes = notesBeside(event, digest)
  const rows = [
    row(`height:6px;line-height:6px;background:${colours[tone]};border-radius:6px 6px 0 0`, '&nbsp;'),
    row('padding:18px 24px 8px', `<h1 style="margin:0;font-size:19px">${escape(title)}</h1>`),
    countsHtml(event),
    ...(notes.length > 0 ? [row('padding:2px 24px 14px;color:#57606a', notes.map(escape).join('<br>'))] : []),
    ...entries.map(entryHtml),
    ...(more === null ? [] : [row('padding:12px 24px;border-top:1px solid #d0d7de', escape(more))]),
    row(
      'padding:14px 24px 18px;border-top:1px solid #d0d7de;font-size:13px;color:#57606a;word-break:break-all',
      linkHtml(link, footer),
    ),
  ]
  return (
    `<!doctype html><html lang="${locale === 'zh' ? 'zh-Hans' : 'en'}"><head><meta charset="utf-8">` +
    `<meta name="viewport" content="width=device-width"><title>${escape(title)}</title></head>` +
    `<body style="margin:0;padding:16px;background:#f6f8fa;color:#1f2328;${font};font-size:14px;line-height:1.45;word-break:break-word">` +
    `<div role="main"><table role="presentation" align="center" width="100%" cellpadding="0" cellspacing="0" style="max-width:640px;margin:0 auto;background:#ffffff;border:1px solid #d0d7de;border-radius:6px">` +
    `${rows.join('\n')}</table></div></body></html>\n`
  )
}

/** A mail that tells an event, in HTML and as text. What servers and users named stands in it as text alone. */
export const mailOf = (event: WebhookEvent, publicUrl: string | null): MailText => {
  const digest = digestOf(event, maxEntries)
  const link = linkOf(event, publicUrl)
  return {
    subject: clip(digest.title, maxSubjectLength),
    text: textOf(digest, link),
    html: htmlOf(event, digest, link),
  }
}
