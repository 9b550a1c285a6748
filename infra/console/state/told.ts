import { signal } from '@preact/signals'
import type english from '../texts/pages.en.json'
import { type Language, language } from './reader.ts'

/** The texts of the pages that are opened seldom. They are no part of the script, and come with the first such page. */
export type Told = typeof english

const read = signal<Readonly<Partial<Record<Language, Told>>>>({})

/** Whether the last attempt to read them came to nothing. */
export const isUntold = signal(false)

/** Where the page says that they are; their names hold a hash. */
const addressOf = (wanted: Language): string =>
  document.querySelector<HTMLElement>('#console')?.dataset[wanted] ?? ''

/** Loads the page anew, once for each entry of its history: a page that is not mended by that says so. */
const reloadOnce = (): void => {
  const reloaded = 'reloaded'
  if (history.state === reloaded) return
  history.replaceState(reloaded, '')
  location.reload()
}

/** Reads the texts in a language, unless they are there. Never rejects. */
export const tell = async (wanted: Language): Promise<void> => {
  if (read.value[wanted]) return
  try {
    const response = await fetch(addressOf(wanted))
    // The service is of another release by now, whose page knows other names.
    if (response.status === 404) reloadOnce()
    // It is our own file, of the same release as this script.
    // oxlint-disable-next-line typescript/no-unsafe-assignment
    const texts: Told = await response.json()
    read.value = { ...read.value, [wanted]: texts }
    isUntold.value = false
  } catch {
    isUntold.value = true
  }
}

/** The texts as far as they are there: until those of another language have come, the reader keeps these. */
export const known = (): Told | undefined => read.value[language.value] ?? read.value.en ?? read.value.zh

/** The texts, within a page that is shown when they are there. */
export const told = (): Told => {
  const texts = known()
  if (!texts) throw new Error('The texts of this page have not come yet')
  return texts
}
