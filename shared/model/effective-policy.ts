import * as z from 'zod'
import { NamePattern, fits } from './name-pattern.ts'
import { defaultThresholds } from './default-thresholds.ts'
import { Thresholds } from './thresholds.ts'

const Some = Thresholds.partial()

/** What the policies of an instance say beside the defaults; what stands later goes over what stands before. */
export const EffectivePolicy = z.strictObject({
  /** For the instance and all its databases. */
  all: Some,
  /** For the databases whose names fit. */
  databases: z.array(z.strictObject({ name: NamePattern, thresholds: Some })).max(100),
})
export type EffectivePolicy = Readonly<z.infer<typeof EffectivePolicy>>

/** Where nobody has a policy. */
export const noPolicy: EffectivePolicy = { all: {}, databases: [] }

const over = (known: Thresholds, some: z.infer<typeof Some>): Thresholds => Object.assign({ ...known }, some)

/** Gives the thresholds of a database, or of the instance itself. */
export const thresholdsOf = ({ all, databases }: EffectivePolicy): ((database?: string) => Thresholds) => {
  const ofInstance = over(defaultThresholds, all)
  return (database) => {
    if (database === undefined) return ofInstance
    const own = databases.filter(({ name }) => fits(name, database)).map(({ thresholds }) => thresholds)
    return own.reduce(over, ofInstance)
  }
}
