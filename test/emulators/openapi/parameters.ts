import { Refusal } from './refusal.ts'

/** Parameters of one call by name. */
export type Parameters = Readonly<Record<string, string>>

/** A parameter that must be given. */
export const required = (parameters: Parameters, name: string): string => {
  const value = parameters[name]
  if (!value) throw new Refusal(400, `MissingParameter.${name}`, `The parameter ${name} must be given.`)
  return value
}

/** Refuses a value that is none of those that the manual lists. */
export const oneOf = (name: string, value: string, values: readonly string[]): string => {
  if (!values.includes(value)) {
    throw new Refusal(400, `InvalidParameter.${name}`, `The parameter ${name} is not valid.`)
  }
  return value
}

/** A whole number in a range. */
export const numberIn = (
  parameters: Parameters,
  name: string,
  fallback: number,
  low: number,
  high: number,
): number => {
  const text = parameters[name]
  if (text === undefined) return fallback
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= low && value <= high)) {
    throw new Refusal(400, `InvalidParameter.${name}`, `${name} must be from ${low} to ${high}.`)
  }
  return value
}

/** `Name.1`, `Name.2` … in order. */
export const list = (parameters: Parameters, name: string): string[] => {
  const values: string[] = []
  for (let position = 1; ; position += 1) {
    const value = parameters[`${name}.${position}`]
    if (value === undefined) return values
    values.push(value)
  }
}
