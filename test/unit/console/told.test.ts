import { describe, expect, it } from 'vitest'
import english from '../../../infra/console/texts/pages.en.json' with { type: 'json' }
import chinese from '../../../infra/console/texts/pages.zh.json' with { type: 'json' }
import { fill } from '../../../infra/console/texts/fill.ts'
import { breachesIn } from '../../support/chinese.ts'

/** A text that one language has and the other has not does not compile. */
const both: { readonly en: typeof english; readonly zh: typeof english } = { en: english, zh: chinese }
const other: typeof chinese = english

const textsIn = (value: unknown, path: string): [string, string][] =>
  typeof value === 'string'
    ? [[path, value]]
    : Object.entries(value as object).flatMap(([name, inside]) => textsIn(inside, `${path}/${name}`))

const gapsIn = (text: string) => [...new Set(text.match(/\{\d\}/g))].toSorted()

describe('the texts of the pages', () => {
  const said = new Map(textsIn(other, ''))
  // What goes into a file is the same in every language.
  const written = textsIn(both.zh, '').filter(([path]) => path !== '/import/example')
  it.each(written)('%s has the gaps of the English one, and is written as Chinese is', (path, text) => {
    expect(gapsIn(text)).toEqual(gapsIn(said.get(path) ?? ''))
    expect(text).not.toContain('|')
    expect(breachesIn(text.replaceAll('key:value', 'key'))).toEqual([])
  })
})

describe('a text with gaps', () => {
  it.each([
    ['{0} of {1}', [2, 3], '2 of 3'],
    ['1 instance|{0} instances', [1], '1 instance'],
    ['1 instance|{0} instances', [0], '0 instances'],
    ['{0}: {1}', ['{1}|$&', 'x'], '{1}|$&: x'],
    ['{0} and {1}', ['a'], 'a and '],
  ])('%s', (text, values, filled) => {
    expect(fill(text, ...values)).toBe(filled)
  })
})
