import { writeFileSync } from 'node:fs'
import { Locale } from '../../shared/model/message.ts'
import { checkItemsPage, checkItemsPath } from './check-items-page.ts'

for (const locale of Locale.options) writeFileSync(checkItemsPath(locale), checkItemsPage(locale))
