import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'

/**
 * Puts the Node.js versions of the layers into `dist/node`, for the tests that run the bundles on them (100 MB each).
 * They come from npm as packages with a binary for one platform and no installation script.
 */
for (const major of [22, 24]) {
  const folder = `dist/node/${major}`
  mkdirSync(folder, { recursive: true })
  const name = `node-${process.platform}-${process.arch}@${major}`
  const options = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund']
  execFileSync('npm', ['install', name, '--prefix', folder, ...options], { stdio: 'inherit' })
}
