import { Engine } from '../../shared/model/engine.ts'
import type { EngineInTests } from './engine-in-tests.ts'

const load = async (engine: Engine): Promise<readonly [Engine, EngineInTests]> => {
  const { default: declared } = (await import(`./engines/${engine}.ts`)) as { default: EngineInTests }
  return [engine, declared]
}

/** What tests need of every engine, found by its name. */
export const engineInTests = Object.fromEntries(await Promise.all(Engine.options.map(load))) as Readonly<
  Record<Engine, EngineInTests>
>
