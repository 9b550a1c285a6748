import * as z from 'zod'

/** Names of databases: `*` stands for any characters, `?` for one; case makes no difference. */
export const NamePattern = z.string().min(1).max(128)

/** Tells whether a name fits a pattern, in time that grows with the product of their lengths at worst. */
export const fits = (pattern: string, name: string): boolean => {
  const wanted = Array.from(pattern.toLowerCase())
  const given = Array.from(name.toLowerCase())
  let at = 0
  let star = -1
  let resume = 0
  for (let index = 0; index < given.length;) {
    if (wanted[at] === '?' || (wanted[at] !== '*' && wanted[at] === given[index])) {
      at += 1
      index += 1
    } else if (wanted[at] === '*') {
      star = at
      at += 1
      resume = index
    } else if (star >= 0) {
      // The last star takes one character more.
      resume += 1
      index = resume
      at = star + 1
    } else {
      return false
    }
  }
  return wanted.slice(at).every((each) => each === '*')
}
