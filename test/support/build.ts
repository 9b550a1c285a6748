import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Builds the programs before the first test, since the tests run them as users do. */
export const setup = (): void => {
  const root = fileURLToPath(new URL('../../', import.meta.url))
  execFileSync(process.execPath, ['infra/build/build.mjs'], { cwd: root, stdio: 'inherit' })
}
