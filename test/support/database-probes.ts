import { Engine } from '../../shared/model/engine.ts'
import type { DatabaseProbe, DatabaseProbes } from '../../shared/ports/probe.ts'

/** Doubles of the database probes: what `make` makes for each engine. */
export const databaseProbes = (make: (engine: Engine) => DatabaseProbe<Engine>): DatabaseProbes =>
  Object.fromEntries(Engine.options.map((engine) => [engine, make(engine)])) as DatabaseProbes
