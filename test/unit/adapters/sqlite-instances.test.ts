import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openDatabase } from '../../../shared/adapters/sqlite/database.ts'
import { groupCommit } from '../../../shared/adapters/sqlite/group-commit.ts'
import { sqliteInstances } from '../../../shared/adapters/sqlite/sqlite-instances.ts'
import { wantedBy } from '../../../shared/ports/instances.ts'
import { definitionOf } from '../../support/context.ts'

const registeredAt = '2026-11-21T00:00:00.000Z'

it('lets others have their turn while it looks for the few instances that a filter lets through', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'precheck-instances-'))
  const database = openDatabase(join(folder, 'precheck.db'))
  const writer = groupCommit(database)
  const instances = sqliteInstances(database, writer)
  const definition = definitionOf('sqlserver')
  await Promise.all(
    Array.from({ length: 1600 }, (_, index) =>
      instances.put(
        `db-${index}`,
        {
          id: `db-${index}`,
          definition,
          status: 'registered',
          revision: 1,
          registeredAt,
          updatedAt: registeredAt,
          validatedAt: null,
        },
        0,
      ),
    ),
  )
  let turns = 0
  let isListed = false
  const takeTurn = (): void => {
    turns += 1
    if (!isListed) setImmediate(takeTurn)
  }
  setImmediate(takeTurn)
  const page = await instances.list({ limit: 200, isWanted: wantedBy({ tags: { team: 'nobody' } }) })
  isListed = true
  expect(page).toEqual({ items: [], next: null })
  expect(turns).toBeGreaterThan(2)
  writer.close()
  database.close()
  rmSync(folder, { recursive: true })
})
