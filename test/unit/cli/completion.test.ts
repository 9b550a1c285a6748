import { execFileSync, spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { precheckAt } from '../../support/command-line.ts'

const scriptFor = async (shell: string): Promise<string> =>
  (await precheckAt('http://127.0.0.1:1', ['completion', shell])).output

const isInstalled = (shell: string): boolean => spawnSync(shell, ['--version']).error === undefined

/** What bash offers for the last of the words. */
const bashOffers = async (words: readonly string[]): Promise<string[]> => {
  const program = `${await scriptFor('bash')}
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _precheck; printf '%s\\n' "\${COMPREPLY[@]}"`
  return execFileSync('bash', ['-c', program, 'bash', 'precheck', ...words])
    .toString()
    .trim()
    .split('\n')
}

describe('completion in bash', () => {
  it.each([
    [['inst'], ['instances']],
    [['token', 'rev'], ['revoke']],
    [['--output', 'json', 'token', 'ro'], ['rotate']],
    [['run', '--f'], ['--file']],
    [['run', '--ou'], ['--output']],
    [['gate', 'my-db', '--operation', 'l'], ['log']],
    [
      ['watch', '-o', 'j'],
      ['json', 'junit'],
    ],
    [['completion', 'z'], ['zsh']],
    [['run', '--file', 'my'], ['']],
    // The name of an instance may be that of a command.
    [['last', 'token', 'cre'], ['']],
  ])('of %j offers %j', async (words, offered) => {
    expect(await bashOffers(words)).toEqual(offered)
  })

  it('offers every command that the help lists', async () => {
    const { output } = await precheckAt('http://127.0.0.1:1', ['--help'])
    const listed = [...output.matchAll(/^ {2}([a-z-]+) {2,}/gm)].map(([, name = '']) => name)
    expect(await bashOffers([''])).toEqual(expect.arrayContaining(listed))
  })
})

describe('completion in other shells', () => {
  it.skipIf(!isInstalled('zsh'))('is a script that zsh can read', async () => {
    expect(spawnSync('zsh', ['-n'], { input: await scriptFor('zsh') }).stderr.toString()).toBe('')
  })

  it.skipIf(!isInstalled('fish')).each([
    ['precheck inst', /^instances\t/],
    ['precheck token ro', /^rotate\t/],
    ['precheck watch --output ju', /^junit/],
    ['precheck run --fi', /^--file\t/],
  ])('in fish, of "%s"', async (line, offered) => {
    const program = `${await scriptFor('fish')}\ncomplete -C '${line}'`
    expect(execFileSync('fish', ['--no-config', '-c', program]).toString()).toMatch(offered)
  })

  it('is refused for a shell that nobody knows', async () => {
    const { code, errors } = await precheckAt('http://127.0.0.1:1', ['completion', 'tcsh'])
    expect(errors).toMatch(/'tcsh' is invalid for argument 'shell'\. Allowed choices are bash, zsh, fish\./)
    expect(code).toBe(3)
  })
})
