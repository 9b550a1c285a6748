import fc from 'fast-check'
import { expect, it } from 'vitest'
import { mergePatch } from '../../../../functions/api/routing/merge-patch.ts'
import type { Definition, Described, Kind, Stored } from '../../../../infra/cli/fleet/kinds.ts'
import { mergePatchTo, planOf } from '../../../../infra/cli/fleet/plan.ts'

const described = (kind: Kind, name: string, definition: Definition = {}): Described => ({
  kind,
  name,
  place: 'fleet.yaml:1',
  definition,
})
const stored = (kind: Kind, name: string, definition: Definition = {}): Stored => ({
  kind,
  name,
  path: `/${kind}/${name}`,
  revision: 3,
  definition,
})
const refused = { subject: 'instance x', place: 'fleet.yaml:2', message: 'region: wrong' }

const brief = (
  wanted: readonly Described[],
  known: readonly Stored[],
  isPruned = false,
  wrong: readonly (typeof refused)[] = [],
) => {
  const plan = planOf({ described: wanted, refused: wrong }, known, isPruned)
  return { ...plan, changes: plan.changes.map(({ action, kind, name }) => `${action} ${kind} ${name}`) }
}

it('creates what is not there, changes what is other, and leaves the rest, policies first', () => {
  const { changes, unchanged } = brief(
    [
      described('webhook', 'w'),
      described('instance', 'new'),
      described('instance', 'other', { a: 1 }),
      described('instance', 'same', { b: { d: [1], c: 2 } }),
      described('policy', 'p'),
    ],
    [stored('instance', 'other', { a: 2 }), stored('instance', 'same', { b: { c: 2, d: [1] } })],
  )
  expect(changes).toEqual([
    'create policy p',
    'create instance new',
    'change instance other',
    'create webhook w',
  ])
  expect(unchanged).toBe(1)
})

it('names each field that is other, and lists whole', () => {
  const before = { same: 1, gone: true, connection: { host: 'a', port: 1 }, tags: {}, operations: ['full'] }
  const after = { same: 1, connection: { host: 'b', port: 1 }, tags: { k: 'v' }, operations: ['full', 'log'] }
  const [change] = planOf(
    { described: [described('instance', 'i', after)], refused: [] },
    [stored('instance', 'i', before)],
    false,
  ).changes
  expect(change?.action === 'change' && change.fields).toEqual([
    { field: 'gone', before: true, after: undefined },
    { field: 'connection.host', before: 'a', after: 'b' },
    { field: 'tags.k', before: undefined, after: 'v' },
    { field: 'operations', before: ['full'], after: ['full', 'log'] },
  ])
})

it('takes check items that an instance says nothing of for unchanged, and others not', () => {
  const known = [stored('instance', 'i', { checks: { set: 'standard' } })]
  expect(brief([described('instance', 'i')], known).changes).toEqual([])
  expect(brief([described('instance', 'i', { checks: { set: 'deep' } })], known).changes).toEqual([
    'change instance i',
  ])
})

it('removes what is not described only when asked to, of the kinds that are described, last', () => {
  const wanted = [described('instance', 'kept'), described('instance', 'new')]
  const known = [stored('instance', 'kept'), stored('instance', 'old'), stored('policy', 'p')]
  expect(brief(wanted, known).changes).toEqual(['create instance new'])
  expect(brief(wanted, known, true).changes).toEqual(['create instance new', 'remove instance old'])
})

it('removes nothing while anything cannot be understood', () => {
  const plan = brief([described('instance', 'new')], [stored('instance', 'x')], true, [refused])
  expect([plan.changes, plan.refused]).toEqual([['create instance new'], [refused]])
})

it('refuses to choose between webhooks of the same address', () => {
  const known = [stored('webhook', 'w'), stored('webhook', 'w'), stored('webhook', 'v')]
  const { changes, refused: told } = brief(
    [described('webhook', 'w'), described('webhook', 'v')],
    known,
    true,
  )
  expect([changes, told.map(({ subject }) => subject)]).toEqual([[], ['webhook w']])
})

it('writes merge patches that lead from any definition to any other', () => {
  const leaf = fc.oneof(fc.integer(), fc.string(), fc.array(fc.integer()))
  const definition = fc.dictionary(
    fc.constantFrom('a', 'b', 'c'),
    fc.oneof(leaf, fc.dictionary(fc.constantFrom('a', 'b'), leaf)),
  )
  fc.assert(
    fc.property(definition, definition, (before, after) => {
      expect(mergePatch(before, mergePatchTo(before, after))).toEqual(after)
    }),
  )
})
