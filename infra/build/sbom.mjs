import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Everything in the lock file. With `--omit=dev` npm leaves out what is needed for development as well, `zod` for one. */
const readAll = async () => {
  const options = ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx']
  const { stdout } = await run('npm', options, { maxBuffer: 64 * 1024 * 1024 })
  return JSON.parse(stdout)
}

/** The folder of the package that a file belongs to, as the lock file names it; undefined for our own files. */
const folderOf = (path) => /node_modules\/(?:.*node_modules\/)?(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]

/** Those named and all that they depend on. */
const withDependencies = (refs, dependencies, found = new Set()) => {
  for (const ref of refs) {
    if (found.has(ref)) continue
    found.add(ref)
    withDependencies(dependencies.get(ref) ?? [], dependencies, found)
  }
  return found
}

/** A component under its own name: npm gives one that stands in for others the name of the first of them. */
const named = (component) => {
  const ref = component['bom-ref']
  return { ...component, name: ref.slice(0, ref.lastIndexOf('@')) }
}

/**
 * Makes the writer of software bills of materials (CycloneDX, by `npm sbom`): each names the packages that are in what
 * is shipped, and no others.
 */
export const sbomWriter = async () => {
  const [all, lock] = await Promise.all([readAll(), readFile('package-lock.json', 'utf8').then(JSON.parse)])
  const dependencies = new Map(all.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]))
  const refOf = (folder) => {
    const { name = folder.split('node_modules/').at(-1), version } = lock.packages[folder]
    return `${name}@${version}`
  }

  /** `files`: those of a bundle; `installed`: packages beside it, with all that they depend on. */
  return async (target, files, installed = []) => {
    const folders = new Set(files.flatMap((path) => folderOf(path) ?? []))
    const roots = installed.map((name) => refOf(`node_modules/${name}`))
    const refs = new Set([...[...folders].map(refOf), ...withDependencies(roots, dependencies)])
    const shipped = {
      ...all,
      metadata: { ...all.metadata, lifecycles: [{ phase: 'build' }] },
      components: all.components.filter((each) => refs.has(each['bom-ref'])).map(named),
      dependencies: [...refs].map((ref) => ({
        ref,
        dependsOn: (dependencies.get(ref) ?? []).filter((each) => refs.has(each)),
      })),
    }
    await writeFile(target, JSON.stringify(shipped, null, 2))
  }
}
