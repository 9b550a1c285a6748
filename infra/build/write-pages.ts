import { writeFileSync } from 'node:fs'
import { Locale } from '../../shared/model/message.ts'
import { checkItemsPage, checkItemsPath } from './check-items-page.ts'
import { cliPage, cliPath } from './cli-page.ts'

for (const locale of Locale.options) {
  writeFileSync(checkItemsPath(locale), checkItemsPage(locale))
  writeFileSync(cliPath(locale), cliPage(locale))
}
