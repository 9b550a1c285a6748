import { createHash } from 'node:crypto'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { build } from 'esbuild'

const folder = 'dist/console'

/** Names hold a hash of the contents, so that browsers may keep them for ever. */
const page = (script, style, english, chinese) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Backup Precheck</title>
    <link rel="icon" href="icon.svg">
    <link rel="stylesheet" href="assets/${style}">
    <script type="module" src="assets/${script}"></script>
  </head>
  <body><div id="console" data-en="assets/${english}" data-zh="assets/${chinese}"></div></body>
</html>
`

/** Puts the texts of a language that are no part of the script beside it. Resolves with the name of their file. */
const writeTexts = async (language) => {
  const texts = JSON.stringify(
    JSON.parse(await readFile(`infra/console/texts/pages.${language}.json`, 'utf8')),
  )
  const hash = createHash('sha256').update(texts).digest('hex').slice(0, 8).toUpperCase()
  await writeFile(`${folder}/assets/${language}-${hash}.json`, texts)
  return `${language}-${hash}.json`
}

/** Builds the console: one page, one script, one style sheet, and texts. Resolves with what is in the script, for the bill of materials. */
export const buildConsole = async () => {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const { metafile } = await build({
    entryPoints: { console: 'infra/console/main.tsx', style: 'infra/console/console.css' },
    outdir: `${folder}/assets`,
    entryNames: '[name]-[hash]',
    bundle: true,
    minify: true,
    format: 'esm',
    // Chinese in escapes is twice as long, compressed too.
    charset: 'utf8',
    // Those that know light-dark().
    target: ['chrome123', 'firefox120', 'safari17.5'],
    tsconfig: 'infra/console/tsconfig.json',
    metafile: true,
    logLevel: 'warning',
  })
  const names = Object.keys(metafile.outputs).map((path) => basename(path))
  const nameOf = (end) => names.find((name) => name.endsWith(end))
  const [english, chinese] = await Promise.all(['en', 'zh'].map(writeTexts))
  await writeFile(`${folder}/index.html`, page(nameOf('.js'), nameOf('.css'), english, chinese))
  await cp('infra/console/icon.svg', `${folder}/icon.svg`)
  return metafile
}

/** Puts the console, and no earlier one, beside the function that serves it. */
export const copyConsole = async (target) => {
  await rm(`${target}/console`, { recursive: true, force: true })
  await cp(folder, `${target}/console`, { recursive: true })
}
