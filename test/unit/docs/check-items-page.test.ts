import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { checkItemsPage, checkItemsPath } from '../../../infra/build/check-items-page.ts'
import { catalogue } from '../../../shared/checks/catalogue.ts'
import { Locale } from '../../../shared/model/message.ts'

const pathOf = (locale: Locale) =>
  fileURLToPath(new URL(`../../../${checkItemsPath(locale)}`, import.meta.url))

describe('the page of the check items', () => {
  it.each(Locale.options)('is what the definitions say (%s): npm run docs writes it', (locale) => {
    expect(readFileSync(pathOf(locale), 'utf8')).toBe(checkItemsPage(locale))
  })

  it('has every item, its texts and what to grant', () => {
    const page = checkItemsPage('en')
    for (const { id, texts, fixes } of catalogue) {
      expect(page).toContain(`### ${id}\n`)
      for (const text of Object.values(texts)) expect(page).toContain(text.en)
      for (const { text } of fixes) expect(page).toContain(`- ${text.en}\n`)
    }
    expect(page).toContain('GRANT VIEW SERVER STATE TO [precheck];')
  })
})
