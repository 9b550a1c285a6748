import { cpSync } from 'node:fs'
import { join } from 'node:path'
import type { CheckItemId } from '../../../shared/model/finding.ts'
import { type Contents, contentsOf } from './contents.ts'
import { backupAccount, makeAccounts } from './accounts.ts'
import { type MariaDb, type MariaDbs, ready } from './instance.ts'
import { type Prechecked, precheck } from './precheck.ts'
import {
  type Account,
  type Ended,
  copyLogs,
  dump,
  load,
  physical,
  positionOf,
  prepare,
  replay,
} from './tools.ts'

/** A state of a server, and how it comes about. */
export interface State {
  readonly name: string
  /** Beside those of every server that is ready for all backups. */
  readonly settings?: readonly string[] | ((folder: string) => readonly string[])
  /** Instead of them. */
  readonly instead?: readonly string[]
  /** Settings of the empty server that a backup is restored into. */
  readonly target?: readonly string[]
  /** No statement shows it: the check item that says so. */
  readonly blind?: CheckItemId
  /** Brings the state about. What is written after `remember` belongs to it, and is not missed. */
  readonly make?: (server: MariaDb, world: World) => Promise<void>
}

export interface World {
  readonly dbs: MariaDbs
  /** What a restore has to bring back from now on: called where the state writes something itself. */
  readonly remember: () => void
}

/** What came of a backup that was tried, and of its restore into an empty server. */
export type Outcome = 'works' | 'fails' | 'hangs' | 'loses' | 'no restore'

/** The tools that were tried, by the operation that they stand for. */
export const tools = {
  dump: 'full',
  physical: 'full',
  increment: 'incremental',
  log: 'log',
} as const
export type Tool = keyof typeof tools

export interface Proof {
  readonly verdicts: Prechecked['verdicts']
  readonly results: Prechecked['results']
  readonly outcomes: Readonly<Record<Tool, Outcome>>
  readonly details: Readonly<Record<Tool, string>>
}

const data = `CREATE DATABASE shop; USE shop;
CREATE TABLE orders (id INT PRIMARY KEY AUTO_INCREMENT, what VARCHAR(200)) ENGINE=InnoDB;
CREATE TABLE log (id INT PRIMARY KEY AUTO_INCREMENT, what VARCHAR(200)) ENGINE=InnoDB;
INSERT INTO orders (what) VALUES ('one'), ('two'), ('three');
CREATE VIEW recent AS SELECT * FROM orders WHERE id > 1;
CREATE TRIGGER noted AFTER INSERT ON orders FOR EACH ROW INSERT INTO log (what) VALUES (NEW.what);
CREATE PROCEDURE count_orders() SELECT COUNT(*) FROM orders;
CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DISABLE DO DELETE FROM log;`

const root: Account = { user: 'root', password: '' }

const difference = (expected: Contents, found: Contents): string =>
  Object.entries(expected)
    .filter(([name, content]) => found[name] !== content)
    .map(([name]) => name)
    .join(', ')

const outcomeOf = (ended: Ended): Outcome => (ended.said === 'hangs' ? 'hangs' : 'fails')

type Tried = readonly [Outcome, string]

const failed = (ended: Ended): Tried => [
  outcomeOf(ended),
  ended.said.trim().split('\n').slice(-3).join(' | '),
]

/** Restores, compares with what should be there, and ends the server that it was restored into. */
const compare = async (
  restore: () => Promise<{ readonly server: MariaDb; readonly ended: Ended }>,
  expected: Contents,
): Promise<Tried> => {
  try {
    const { server, ended } = await restore()
    const missing = ended.ok ? difference(expected, contentsOf(server)) : ''
    await server.kill()
    if (!ended.ok) return ['no restore', failed(ended)[1]]
    return missing === '' ? ['works', ''] : ['loses', missing]
  } catch (fault) {
    return ['no restore', String(fault)]
  }
}

const copyOf = (dbs: MariaDbs, folder: string): string => {
  const { data: copy, options } = dbs.place('copy')
  cpSync(folder, copy, { recursive: true })
  dbs.own(copy, options)
  return copy
}

const fine: Ended = { ok: true, said: '' }

/** Tries every tool on a server in a state; `base`: a physical backup from before. */
const tryAll = async (
  dbs: MariaDbs,
  server: MariaDb,
  base: string,
  expected: () => Contents,
  target: readonly string[],
): Promise<Record<Tool, Tried>> => {
  const started = async (folder: string, ended: Ended) => ({
    server: await dbs.startOn(folder, target),
    ended,
  })
  const tryDump = async (): Promise<Tried> => {
    const file = join(dbs.place('dump').data, 'all.sql')
    const ended = await dump(dbs, server, backupAccount, file)
    if (!ended.ok) return failed(ended)
    return compare(async () => {
      const empty = await dbs.start(target)
      return { server: empty, ended: await load(dbs, empty, file) }
    }, expected())
  }
  const tryPhysical = async (): Promise<Tried> => {
    const folder = dbs.place('physical').data
    const ended = await physical(dbs, server, backupAccount, folder)
    if (!ended.ok) return failed(ended)
    return compare(async () => {
      const prepared = await prepare(dbs, folder)
      if (!prepared.ok) throw new Error(prepared.said.slice(-300))
      return started(folder, fine)
    }, expected())
  }
  const tryIncrement = async (): Promise<Tried> => {
    const increment = dbs.place('increment').data
    const ended = await physical(dbs, server, backupAccount, increment, base)
    if (!ended.ok) return failed(ended)
    const folder = copyOf(dbs, base)
    return compare(async () => {
      const prepared = await prepare(dbs, folder, increment)
      if (!prepared.ok) throw new Error(prepared.said.slice(-300))
      return started(folder, fine)
    }, expected())
  }
  const tryLog = async (): Promise<Tried> => {
    const { file, position } = positionOf(base)
    const copied = dbs.place('logs').data
    const ended = await copyLogs(dbs, server, backupAccount, file, copied)
    if (!ended.ok) return failed(ended)
    const folder = copyOf(dbs, base)
    return compare(async () => {
      const prepared = await prepare(dbs, folder)
      if (!prepared.ok) throw new Error(prepared.said.slice(-300))
      const { server: restored } = await started(folder, fine)
      return { server: restored, ended: await replay(dbs, restored, copied, position) }
    }, expected())
  }
  return {
    dump: await tryDump(),
    physical: await tryPhysical(),
    increment: await tryIncrement(),
    log: await tryLog(),
  }
}

/** Makes a state, prechecks it, and tries a real backup with every tool, and the restore of each. */
export const prove = async (dbs: MariaDbs, state: State): Promise<Proof> => {
  const { settings: own = [] } = state
  const settings = state.instead ?? [...ready, ...(typeof own === 'function' ? own(dbs.folder) : own)]
  const server = await dbs.start(settings)
  server.run(data)
  makeAccounts(server)
  const base = dbs.place('base').data
  const taken = await physical(dbs, server, root, base)
  if (!taken.ok) throw new Error(`no base to go on from: ${taken.said.slice(-500)}`)
  server.run("INSERT INTO shop.orders (what) VALUES ('after the base')")
  let expected = contentsOf(server)
  const world: World = { dbs, remember: () => (expected = contentsOf(server)) }
  await state.make?.(server, world)
  const { verdicts, results } = await precheck(server)
  const tried = await tryAll(dbs, server, base, () => expected, state.target ?? [])
  await server.kill()
  const part = <Index extends 0 | 1>(index: Index) =>
    Object.fromEntries(Object.entries(tried).map(([tool, each]) => [tool, each[index]])) as Record<
      Tool,
      Tried[Index]
    >
  return { verdicts, results, outcomes: part(0), details: part(1) }
}
