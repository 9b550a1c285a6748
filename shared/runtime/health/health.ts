import { type Health, type HealthFinding, worstOf } from '../../model/health.ts'

/** Looks at a part of the service; never rejects, and never takes long. */
export type Look = () => HealthFinding | Promise<HealthFinding>

/** Looks at all parts of the service, by the names of the checks. */
export const healthOf =
  (looks: Readonly<Record<string, Look>>, now: () => Date): (() => Promise<Health>) =>
  async () => {
    const time = now().toISOString()
    const lookAt = async ([name, look]: readonly [string, Look]) => {
      const check = { ...(await look()), time }
      return [name, [check]] as const
    }
    const found = await Promise.all(Object.entries(looks).map(lookAt))
    return {
      status: worstOf(found.flatMap(([, checks]) => checks.map(({ status }) => status))),
      checks: Object.fromEntries(found),
    }
  }
