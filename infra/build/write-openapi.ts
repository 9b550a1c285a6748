import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { openApiDocument } from '../../functions/api/routing/openapi-document.ts'
import { routes } from '../../functions/api/routes.ts'

const [path = 'dist/openapi.json'] = process.argv.slice(2)
mkdirSync(dirname(path), { recursive: true })
writeFileSync(path, `${JSON.stringify(openApiDocument(routes), null, 2)}\n`)
