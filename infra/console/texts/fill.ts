/**
 * A text with its gaps filled: `{0}` is the first value. Of a text in two parts, `1 instance|{0} instances`, the first
 * is for one.
 */
export const fill = (text: string, ...values: readonly (string | number)[]): string => {
  const [one = '', many = one] = text.split('|')
  const chosen = values[0] === 1 ? one : many
  return chosen.replaceAll(/\{(\d)\}/g, (_, place: string) => String(values[Number(place)] ?? ''))
}
