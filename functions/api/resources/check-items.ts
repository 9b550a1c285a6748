import * as z from 'zod'
import { catalogue, checksFor } from '../../../shared/checks/catalogue.ts'
import type { Check } from '../../../shared/checks/framework/define-check.ts'
import { Engine } from '../../../shared/model/engine.ts'
import type { Locale } from '../../../shared/model/message.ts'
import { Operation } from '../../../shared/model/operation.ts'
import { route } from '../routing/route.ts'

const CheckItemView = z
  .strictObject({
    id: z.string(),
    engine: z.enum(['all', ...Engine.options]),
    title: z.string(),
    failureTitle: z.string(),
    description: z.string(),
    affects: z
      .strictObject({ 'cloud-backup': z.array(Operation), native: z.array(Operation) })
      .describe('Operations that the item can block, by profile.'),
    queries: z.array(z.string()).describe('The SQL that is run; empty for items that test the network.'),
    privileges: z.array(z.string()),
    documents: z.array(z.string()),
  })
  .meta({ id: 'CheckItem' })

const viewOf = (check: Check, locale: Locale): z.infer<typeof CheckItemView> => {
  const { question } = check
  return {
    id: check.id,
    engine: check.engine,
    title: check.title[locale],
    failureTitle: check.failureTitle[locale],
    description: check.description[locale],
    affects: { 'cloud-backup': [...check.affects('cloud-backup')], native: [...check.affects('native')] },
    queries: question.probe === 'https' ? [] : Object.values(question.queries).map(({ sql }) => sql),
    privileges: [...check.privileges],
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
]
