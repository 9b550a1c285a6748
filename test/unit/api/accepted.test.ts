import { expect, it } from 'vitest'
import { acceptedOf } from '../../../functions/api/routing/accepted.ts'

const types = ['application/json', 'text/html', 'application/xml', 'text/plain'] as const
const ofBrowser = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8'

it.each([
  [undefined, 'application/json'],
  ['', 'application/json'],
  ['*/*', 'application/json'],
  [ofBrowser, 'text/html'],
  ['application/xml', 'application/xml'],
  ['TEXT/PLAIN; charset=utf-8', 'text/plain'],
  ['text/*', 'text/html'],
  ['text/*;q=0.5, text/plain', 'text/plain'],
  ['text/plain;q=0.1, application/json;q=0.2', 'application/json'],
  ['application/json;q=0, */*', 'text/html'],
  ['image/png', 'application/json'],
  [';;,q=', 'application/json'],
])('of who accepts %s the answer is %s', (accept, expected) => {
  expect(acceptedOf(accept, types)).toBe(expected)
})
