import type { Engine } from '../model/engine.ts'
import type { Check } from './define.ts'

/** Every check item, in the order in which reports list them. A new item is added here, and nowhere else. */
export const catalogue: readonly Check[] = []

const byId = new Map(catalogue.map((check) => [check.id, check]))

/** The check item of that id, if there is one. */
export const findCheck = (id: string): Check | undefined => byId.get(id)

/** The check items of an engine, those for all engines included. */
export const checksFor = (engine: Engine): readonly Check[] =>
  catalogue.filter((check) => check.engine === 'all' || check.engine === engine)
