import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { explainStart } from '../../../infra/host/start-fault.ts'
import { openDatabase } from '../../../shared/adapters/sqlite/database.ts'
import { unusable } from '../../../shared/adapters/sqlite/database-unusable.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'precheck-start-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** What a host that cannot open its database tells its user. */
const explained = (dataFolder: string): string | null => {
  try {
    openDatabase(join(dataFolder, 'precheck.db')).close()
  } catch (fault) {
    return explainStart(fault)
  }
  return 'it was opened'
}

describe('a data folder that cannot be used', () => {
  it('is a file', () => {
    const file = join(folder, 'data')
    writeFileSync(file, '')
    expect(explained(file)).toBe(
      `${file} is a file and no folder. Use a data folder (PRECHECK_DATA) that this user can write.`,
    )
    expect(explained(join(file, 'data'))).toContain(
      `${file}/data lies below a file. Use a data folder (PRECHECK_DATA)`,
    )
  })

  it('has something else in the place of its database', () => {
    mkdirSync(join(folder, 'precheck.db'))
    expect(explained(folder)).toContain(`${folder}/precheck.db is a folder and no database file.`)
    rmSync(join(folder, 'precheck.db'), { recursive: true })
    writeFileSync(join(folder, 'precheck.db'), 'no database '.repeat(1000))
    expect(explained(folder)).toContain(`${folder}/precheck.db is not a database. Remove it`)
  })

  it('is in use', () => {
    const other = openDatabase(join(folder, 'precheck.db'))
    expect(explained(folder)).toContain('is in use by another process of this service. Stop it')
    other.close()
  })

  it.each([
    ['EACCES', 'This user may not write /data.'],
    ['EPERM', '/data or a file in it belongs to another user.'],
    ['EROFS', '/data is read-only.'],
    ['ENOENT', '/data cannot be made.'],
    ['ENOSPC', 'The disk of /data is full.'],
    ['EWEIRD', '/data/precheck.db cannot be opened (it is odd).'],
  ])('as the system says with %s', (code, text) => {
    const fault = unusable('/data/precheck.db', Object.assign(new Error('it is odd'), { code }))
    expect(explainStart(fault)).toBe(`${text} Use a data folder (PRECHECK_DATA) that this user can write.`)
  })

  it.each([
    [8, '/data/precheck.db cannot be written.'],
    [11, '/data/precheck.db is damaged.'],
    [13, 'The disk of /data/precheck.db is full.'],
  ])('as SQLite says with %i', (errcode, text) => {
    const fault = unusable('/data/precheck.db', Object.assign(new Error('it is odd'), { errcode }))
    expect(explainStart(fault)).toContain(text)
  })
})

describe('an address that cannot be listened on', () => {
  const listening = async (port: number, host: string): Promise<string | null> => {
    const server = createServer().listen(port, host)
    try {
      await once(server, 'listening')
    } catch (fault) {
      return explainStart(fault)
    }
    server.close()
    return 'it listens'
  }

  it('is one that another process has', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    const port = typeof address === 'object' && address ? address.port : 0
    expect(await listening(port, '127.0.0.1')).toContain('set PRECHECK_PORT')
    other.close()
  })

  it('is none of this machine', async () => {
    expect(await listening(0, '192.0.2.1')).toContain('PRECHECK_HOST is not an address of this machine')
  })

  it('is a name that nobody knows', async () => {
    expect(await listening(0, 'no-such-host.invalid')).toContain(
      'PRECHECK_HOST is a name that cannot be resolved',
    )
  })

  it('is one for other users', () => {
    const fault = Object.assign(new Error('listen EACCES'), { code: 'EACCES', syscall: 'listen' })
    expect(explainStart(fault)).toContain('This user may not listen on the port. Set PRECHECK_PORT')
  })
})

it('a file of the service that cannot be written names itself', () => {
  const fault = Object.assign(new Error('odd'), {
    code: 'ENOSPC',
    syscall: 'write',
    path: '/data/admin-token.new',
  })
  expect(explainStart(fault)).toMatch(
    /^\/data\/admin-token\.new cannot be written \(ENOSPC\)\. .*PRECHECK_DATA/,
  )
})

it('a fault of the program itself is not explained away', () => {
  expect(explainStart(new TypeError('undefined is not a function'))).toBeNull()
})
