import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const sheet = readFileSync('infra/console/console.css', 'utf8')

/** The colours of the style sheet by their names, for light and dark. */
const colours = new Map(
  [...sheet.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
    ([, name = '', light = '', dark = '']) => [name, { light, dark }] as const,
  ),
)

const channel = (hex: string): number => {
  const value = Number.parseInt(hex, 16) / 255
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
}

/** WCAG 2.2, "relative luminance". */
const luminance = (colour: string): number =>
  0.2126 * channel(colour.slice(1, 3)) +
  0.7152 * channel(colour.slice(3, 5)) +
  0.0722 * channel(colour.slice(5, 7))

/** WCAG 2.2, "contrast ratio". */
const contrast = (one: string, other: string): number => {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

const themes = ['light', 'dark'] as const
const tones = ['good', 'risk', 'bad', 'open', 'none']
const texts = ['text', 'quiet', 'link', ...tones]
const pairs = [
  ...['page', 'panel'].flatMap((under) => texts.map((text) => [text, under, 4.5] as const)),
  ...tones.map((tone) => [tone, `on-${tone}`, 4.5] as const),
  ...tones.map((tone) => ['text', `on-${tone}`, 4.5] as const),
  ...['page', 'panel'].map((under) => ['line', under, 3] as const),
  ['page', 'link', 4.5] as const,
]

describe.each(themes)('the colours, %s', (theme) => {
  it.each(pairs)('%s on %s has a contrast of %d at least', (text, under, least) => {
    const ratio = contrast(colours.get(text)![theme], colours.get(under)![theme])
    expect(ratio).toBeGreaterThanOrEqual(least)
  })
})
