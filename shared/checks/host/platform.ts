import type { CheckContext } from '../framework/define-check.ts'

/** Whether the ECS host runs Windows, and so what commands it takes. */
export const isWindows = ({ target }: CheckContext): boolean => target.definition.host?.platform === 'windows'
