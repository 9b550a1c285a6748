import { catalogue, engines } from '../../shared/checks/catalogue.ts'
import type { Check } from '../../shared/checks/framework/define-check.ts'
import type { EngineDeclaration } from '../../shared/checks/framework/define-engine.ts'
import { queriesOf } from '../../shared/checks/framework/question.ts'
import { renderTerms } from '../../shared/checks/render.ts'
import type { Locale, Text } from '../../shared/model/message.ts'

/** Words of the page that are not those of the catalogue. */
const words = {
  title: { en: 'Check items', zh: '检查项' },
  intro: {
    en: 'Written by `npm run docs` from the definitions; `GET /v1/check-items/{id}` serves the same. `{name}` in a text stands for what is found.',
    zh: '由 `npm run docs` 根据定义生成；`GET /v1/check-items/{id}` 提供相同的内容。文本中的 `{name}` 代表检查到的内容。',
  },
  set: { en: 'Set', zh: '集合' },
  blocks: { en: 'Can block', zh: '可能阻止' },
  findings: { en: 'What it can say', zh: '可能的结果' },
  fixes: { en: 'How it is fixed', zh: '如何修复' },
  blindSpots: { en: 'What it cannot see', zh: '无法看到的情况' },
  query: { en: 'What it asks', zh: '查询语句' },
  statements: { en: 'Statements', zh: '语句' },
  network: { en: 'It asks no database.', zh: '不查询数据库。' },
  host: {
    en: 'It looks at the ECS host, by one command of Cloud Assistant for all such items.',
    zh: '通过云助手检查 ECS 主机，所有此类检查项共用一条命令。',
  },
  rights: { en: 'Rights', zh: '权限' },
  manuals: { en: 'Manuals', zh: '参考手册' },
  all: { en: 'Every engine', zh: '所有引擎' },
  optional: { en: 'may be refused', zh: '可被拒绝' },
} as const satisfies Record<string, Text>

/** The login that the statements name as an example. */
const exampleLogin = 'precheck'

const grantsOf = ({ engine, privileges }: Check): string[] => {
  if (engine === 'all') return []
  const known: EngineDeclaration['privileges'] = engines[engine].privileges
  return [...new Set(privileges.flatMap((name) => known[name]?.grants(exampleLogin) ?? []))]
}

const fenced = (text: string): string => `\`\`\`sql\n${text}\n\`\`\``

const namesOfQueries = ({ question }: Check, locale: Locale): string => {
  if (question.probe === 'https' || question.probe === 'memory') return words.network[locale]
  if (question.probe === 'host') return words.host[locale]
  const names = Object.entries(question.queries).map(([name, { optional }]) =>
    optional ? `\`${name}\` (${words.optional[locale]})` : `\`${name}\``,
  )
  return names.join(', ')
}

/** Every statement of an engine, once, whichever items ask it. */
const statementsOf = (checks: readonly Check[]): ReadonlyMap<string, string> =>
  new Map(
    checks.flatMap(({ question }) =>
      Object.entries(queriesOf(question)).map(([name, { sql }]) => [name, sql] as const),
    ),
  )

const statementsSection = (checks: readonly Check[], locale: Locale): string[] => {
  const statements = [...statementsOf(checks)].map(([name, sql]) => `\`${name}\`:\n\n${fenced(sql)}\n`)
  return statements.length > 0 ? [`### ${words.statements[locale]}`, '', ...statements] : []
}

const blindSpotsOf = ({ blindSpots = [] }: Check, locale: Locale): string[] =>
  blindSpots.length === 0
    ? []
    : [`#### ${words.blindSpots[locale]}`, '', ...blindSpots.map((text) => `- ${text[locale]}`), '']

const section = (check: Check, locale: Locale): string[] => {
  const { id, set, title, description, texts, documents, affects, fixes } = check
  const operations = (['cloud-backup', 'native'] as const).map(
    (profile) => `${profile}: ${renderTerms(affects(profile), locale)}`,
  )
  const grants = grantsOf(check)
  return [
    `### ${id}`,
    '',
    `**${title[locale]}.** ${description[locale]}`,
    '',
    `- ${words.set[locale]}: \`${set}\``,
    `- ${words.blocks[locale]}: ${operations.join('; ')}`,
    '',
    `#### ${words.findings[locale]}`,
    '',
    ...Object.entries<Text>(texts).map(([code, text]) => `- \`${code}\`: ${text[locale]}`),
    '',
    `#### ${words.fixes[locale]}`,
    '',
    ...fixes.map(({ text }) => `- ${text[locale]}`),
    '',
    ...blindSpotsOf(check, locale),
    `#### ${words.query[locale]}`,
    '',
    namesOfQueries(check, locale),
    '',
    ...(grants.length > 0 ? [`#### ${words.rights[locale]}`, '', fenced(grants.join('\n')), ''] : []),
    `#### ${words.manuals[locale]}`,
    '',
    ...documents.map((document) => `- <${document}>`),
    '',
  ]
}

const headOf = (engine: Check['engine'], locale: Locale): string =>
  engine === 'all' ? words.all[locale] : engines[engine].title

/** The page of the whole catalogue in a language (Markdown). */
export const checkItemsPage = (locale: Locale): string => {
  const groups = [...new Set(catalogue.map(({ engine }) => engine))]
  const chapters = groups.map((engine) => {
    const own = catalogue.filter((check) => check.engine === engine)
    return `## ${headOf(engine, locale)}\n\n${[...own.flatMap((check) => section(check, locale)), ...statementsSection(own, locale)].join('\n')}`
  })
  return [`# ${words.title[locale]}`, '', words.intro[locale], '', ...chapters].join('\n')
}

/** Where the page of a language is kept. */
export const checkItemsPath = (locale: Locale): string =>
  locale === 'en' ? 'docs/check-items.md' : `docs/check-items.${locale}.md`
