import * as z from 'zod'
import { catalogue, checksFor, findCheck } from '../../../shared/checks/catalogue.ts'
import type { Check } from '../../../shared/checks/framework/define-check.ts'
import { queriesOf } from '../../../shared/checks/framework/question.ts'
import { CheckSet } from '../../../shared/model/check-selection.ts'
import { Engine } from '../../../shared/model/engine.ts'
import { decline, found } from '../../../shared/model/failure.ts'
import type { Locale } from '../../../shared/model/message.ts'
import { Operation } from '../../../shared/model/operation.ts'
import { route } from '../routing/route.ts'

export const CheckItemView = z
  .strictObject({
    id: z.string(),
    engine: z.enum(['all', ...Engine.options]),
    set: CheckSet.describe('`essential`, `standard` or `deep`: a registration chooses by `checks`.'),
    title: z.string(),
    failureTitle: z.string(),
    description: z.string(),
    affects: z
      .strictObject({ 'cloud-backup': z.array(Operation), native: z.array(Operation) })
      .describe('Operations that the item can block, by profile.'),
    findings: z
      .array(z.strictObject({ code: z.string(), text: z.string() }))
      .describe('What it can say; `{name}` stands for what is found.'),
    blindSpots: z
      .array(z.string())
      .describe(
        'What it cannot see, because no statement of the server shows it: such a state may be green.',
      ),
    queries: z
      .array(z.string())
      .describe('The SQL that is run; empty for items that test the network or look at the host.'),
    privileges: z.array(z.string()),
    fixes: z.array(z.string()).describe('Steps that its remediations are made of.'),
    documents: z.array(z.string()),
  })
  .meta({ id: 'CheckItem' })
export type CheckItemView = z.infer<typeof CheckItemView>

const viewOf = (check: Check, locale: Locale): CheckItemView => {
  const { question } = check
  return {
    id: check.id,
    engine: check.engine,
    set: check.set,
    title: check.title[locale],
    failureTitle: check.failureTitle[locale],
    description: check.description[locale],
    affects: { 'cloud-backup': [...check.affects('cloud-backup')], native: [...check.affects('native')] },
    findings: Object.entries(check.texts).map(([code, text]) => ({ code, text: text[locale] })),
    blindSpots: (check.blindSpots ?? []).map((text) => text[locale]),
    queries: Object.values(queriesOf(question)).map(({ sql }) => sql),
    privileges: [...check.privileges],
    fixes: check.fixes.map(({ text }) => text[locale]),
    documents: [...check.documents],
  }
}

export const checkItemRoutes = [
  route({
    method: 'GET',
    path: '/v1/check-items',
    operationId: 'listCheckItems',
    summary: 'Lists the catalogue of check items',
    scope: 'read',
    input: z.object({ query: z.strictObject({ engine: Engine.optional() }) }),
    answers: {
      200: { description: 'The catalogue.', schema: z.strictObject({ items: z.array(CheckItemView) }) },
    },
    problems: [],
    handle: async (_, { query: { engine } }) => ({
      value: engine === undefined ? catalogue : checksFor(engine),
    }),
    respond: (checks, _, locale) => ({
      status: 200,
      body: { items: checks.map((check) => viewOf(check, locale)) },
    }),
  }),
  route({
    method: 'GET',
    path: '/v1/check-items/{checkItem}',
    operationId: 'getCheckItem',
    summary: 'Reads one check item of the catalogue',
    scope: 'read',
    input: z.object({ params: z.strictObject({ checkItem: z.string() }) }),
    answers: { 200: { description: 'The check item.', schema: CheckItemView } },
    problems: ['CHECK_ITEM_NOT_FOUND'],
    handle: async (_, { params: { checkItem } }) =>
      found(
        findCheck(checkItem) ?? null,
        decline('CHECK_ITEM_NOT_FOUND', {
          en: `No check item is called ${checkItem}. GET /v1/check-items lists them.`,
          zh: `没有名为 ${checkItem} 的检查项。GET /v1/check-items 可列出。`,
        }),
      ),
    respond: (check, _, locale) => ({ status: 200, body: viewOf(check, locale) }),
  }),
]
