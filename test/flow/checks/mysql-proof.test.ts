import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checksFor, findCheck } from '../../../shared/checks/catalogue.ts'
import { disagreements, proofHead, proofRow } from '../../support/mariadb/agreement.ts'
import { type MariaDbs, hasMariaDb, mariaDbPackages, mariaDbs } from '../../support/mariadb/instance.ts'
import { prove } from '../../support/mariadb/proof.ts'
import { states } from '../../support/mariadb/states.ts'
import { someOf } from '../../support/property-runs.ts'

/**
 * What the readiness table says of a server, against backups that are really taken of it and restored into an empty
 * one. Every state by `npm run test:full`: that is what docs/mysql-proof.md shows, and what PRECHECK_WRITE_PROOF=1
 * writes anew.
 */

const page = fileURLToPath(new URL('../../../docs/mysql-proof.md', import.meta.url))
const marker = '<!-- written by test/flow/checks/mysql-proof.test.ts -->'
const mayWrite = process.env['PRECHECK_WRITE_PROOF'] !== undefined

const pageText = (): string => (existsSync(page) ? readFileSync(page, 'utf8') : '')

describe.skipIf(!hasMariaDb)(`readiness under native, proved on MariaDB (${mariaDbPackages})`, () => {
  const tried = someOf(states, 3)
  const found = new Set<string>()
  const rows: { readonly seen: string[]; readonly blind: string[] } = { seen: [], blind: [] }
  let dbs: MariaDbs

  beforeAll(() => {
    dbs = mariaDbs()
  })

  afterAll(async () => {
    await dbs.end()
    if (!mayWrite) return
    const table = (lines: readonly string[]): string => [...proofHead, ...lines].join('\n')
    const [head = ''] = pageText().split(marker)
    const parts = [table(rows.seen), '## States that no statement shows', table(rows.blind)]
    writeFileSync(page, `${head}${marker}\n\n${parts.join('\n\n')}\n`)
  })

  it.each(tried.map((state) => [state.name, state] as const))('%s', async (name, state) => {
    const proof = await prove(dbs, state)
    for (const { findings } of proof.results) for (const { message } of findings) found.add(message.code)
    const row = proofRow(name, proof)
    const wrong = disagreements(proof)
    if (state.blind === undefined)
      expect({ wrong, details: proof.details }).toEqual({ wrong: [], details: proof.details })
    else {
      // One that shows is no blind spot.
      expect(wrong).not.toEqual([])
      expect(findCheck(state.blind)?.blindSpots ?? []).not.toEqual([])
    }
    if (mayWrite) (state.blind === undefined ? rows.seen : rows.blind).push(row)
    // Columns are padded there.
    else expect(pageText().replaceAll(/ +/g, ' ')).toContain(row)
  })

  it.runIf(tried.length === states.length)('names every finding that no state brings about', () => {
    const [head = ''] = pageText().split(marker)
    const codes = checksFor('mysql').flatMap(({ engine, texts }) =>
      engine === 'mysql' ? Object.keys(texts) : [],
    )
    expect(codes.filter((code) => head.includes(`\`${code}\``))).toEqual(
      codes.filter((code) => !found.has(code)),
    )
  })
})
