import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { cliPage, cliPath, leavesOf } from '../../../infra/build/cli-page.ts'
import { programWith } from '../../../infra/cli/commands/all-commands.ts'
import { examples } from '../../../infra/cli/commands/examples.ts'
import { wholeName } from '../../../infra/cli/reports/help.ts'
import { Locale } from '../../../shared/model/message.ts'

describe('the page of the command line', () => {
  it.each(Locale.options)('in %s is as the help is: else run "npm run docs"', (locale) => {
    expect(readFileSync(cliPath(locale), 'utf8')).toBe(cliPage(locale))
  })

  it('has examples of every command, and of no other', () => {
    const names = leavesOf(programWith({ locale: 'en' })).map(wholeName)
    expect(Object.keys(examples).toSorted()).toEqual(names.toSorted())
  })

  it('in Chinese describes everything in Chinese', () => {
    const english = cliPage('zh')
      .split('\n')
      .filter(
        (line) =>
          line.startsWith('|') && /\| [^|]*$/.test(line) && !/\p{Script=Han}|^\| (?:---)?\s/u.test(line),
      )
    expect(english).toEqual([])
  })
})
