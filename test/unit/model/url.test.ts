import { expect, it } from 'vitest'
import { parseUrl } from '../../../shared/model/url.ts'

it('gives a URL, or null for what is none', () => {
  expect(parseUrl('https://example.com/a?b')?.hostname).toBe('example.com')
  expect(parseUrl('example.com')).toBeNull()
  expect(parseUrl('https://a b/')).toBeNull()
})

it('reads names with letters beyond ASCII also when it has read very many', () => {
  // Node.js 20 turns to its faulty fast path after some thousands of calls from optimised code.
  let misread = 0
  for (let time = 0; time < 100_000; time += 1) {
    if (parseUrl('https://b\u00fccher.example/')?.hostname !== 'xn--bcher-kva.example') misread += 1
  }
  expect(misread).toBe(0)
})
