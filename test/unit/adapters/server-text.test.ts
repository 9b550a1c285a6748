import { expect, it } from 'vitest'
import { shownText } from '../../../shared/adapters/server-text.ts'

it.each([
  ['as it is', 'Login failed for user.', 'Login failed for user.'],
  ['on one line', 'one\r\n  two', 'one   two'],
  ['without what hides or reorders it', 'a\u202Eb\u0000c\u2028d\u200Be', 'a b c d e'],
  ['up to a length', 'x'.repeat(401), `${'x'.repeat(400)}…`],
  ['of that length', 'x'.repeat(400), 'x'.repeat(400)],
  ['not at all where it repeats the password', 'wrong password: secret', ''],
])('a text of a server is shown %s', (_, text, shown) => {
  expect(shownText(text, 'secret')).toBe(shown)
})

it('without a password has nothing to hide', () => {
  expect(shownText('Login failed.', '')).toBe('Login failed.')
})
