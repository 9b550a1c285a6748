import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addFiles } from '../../../infra/deploy/plan/add-files.ts'
import type { AsyncTemplate, FunctionTemplate } from './template.ts'

/** Code and settings of a function at one time, which never change. */
export interface Snapshot {
  /** A number as text, or LATEST. */
  readonly versionId: string
  readonly description: string
  /** Its code is a copy, out of reach of every `node_modules`: what a bundle lacks must be missed there. */
  readonly template: FunctionTemplate
}

/** Where a name leads: to a version, and a part of the invocations to others. */
export interface Alias {
  readonly versionId: string
  /** From 0 to 1, by version. */
  readonly weights: Readonly<Record<string, number>>
}

/** Function Compute refuses this; the message is the code. */
export class ReleaseRefused extends Error {}

/** LATEST, the versions and the aliases of a function ("Manage versions", "Manage aliases", manual). */
export interface FunctionRelease {
  /** Makes this LATEST, unless it is. */
  readonly deploy: (template: FunctionTemplate) => void
  readonly latest: () => Snapshot
  /** Makes LATEST a version; throws if nothing has changed since the last one. */
  readonly publish: (description: string) => Snapshot
  readonly versions: () => readonly Snapshot[]
  /** Throws if an alias names it. */
  readonly removeVersion: (versionId: string) => void
  readonly alias: (name: string) => Alias | undefined
  /** Throws if there is no such version. */
  readonly setAlias: (name: string, alias: Alias) => void
  /** How asynchronous invocations of a qualifier go: each has settings of its own, or the defaults. */
  readonly asynchronous: (qualifier: string) => AsyncTemplate
  readonly setAsynchronous: (qualifier: string, settings: AsyncTemplate) => void
  /** What the next invocation of a qualifier meets; parts of an alias are kept to one by one, and not by chance. */
  readonly next: (qualifier: string) => Snapshot
  /** Removes the copies of the code. */
  readonly remove: () => void
}

const defaults: AsyncTemplate = { maxAgeMs: 86_400_000, maxRetries: 3, onFailure: null }

/** Code and settings as one value. */
const contentOf = (template: FunctionTemplate): string => {
  const hash = createHash('sha256').update(JSON.stringify({ ...template, code: '' }))
  return addFiles(hash, template.code).digest('hex')
}

const isNamedBy = ({ versionId, weights }: Alias, id: string): boolean => versionId === id || id in weights

/** A function that is deployed, with no version yet. */
export const startRelease = (first: FunctionTemplate): FunctionRelease => {
  const folders: string[] = []
  const aliases = new Map<string, Alias>()
  const asynchronous = new Map<string, AsyncTemplate>()
  /** What each weighted version has yet to get of an invocation. */
  const owed = new Map<string, number>()
  let published = 0
  let versions: readonly Snapshot[] = []

  const snapshotOf = (template: FunctionTemplate): Snapshot => {
    const code = mkdtempSync(join(tmpdir(), `${template.name}-`))
    folders.push(code)
    cpSync(template.code, code, { recursive: true })
    asynchronous.set('LATEST', template.asynchronous)
    return { versionId: 'LATEST', description: '', template: { ...template, code } }
  }
  let latest = snapshotOf(first)

  const find = (id: string): Snapshot => {
    const found = versions.find(({ versionId }) => versionId === id)
    if (!found) throw new ReleaseRefused('VersionNotFound')
    return found
  }

  const isDue = ([id, weight]: readonly [string, number]): boolean => {
    const sum = (owed.get(id) ?? 0) + weight
    owed.set(id, sum >= 1 ? sum - 1 : sum)
    return sum >= 1
  }

  return {
    deploy: (template) => {
      if (contentOf(template) !== contentOf(latest.template)) latest = snapshotOf(template)
    },
    latest: () => latest,
    publish: (description) => {
      if (versions.at(-1)?.template === latest.template) throw new ReleaseRefused('VersionPublishError')
      published += 1
      const version = { ...latest, versionId: String(published), description }
      versions = [...versions, version]
      return version
    },
    versions: () => versions,
    removeVersion: (id) => {
      find(id)
      if ([...aliases.values()].some((alias) => isNamedBy(alias, id)))
        throw new ReleaseRefused('VersionIsReferenced')
      versions = versions.filter(({ versionId }) => versionId !== id)
    },
    alias: (name) => aliases.get(name),
    setAlias: (name, alias) => {
      for (const id of [alias.versionId, ...Object.keys(alias.weights)]) find(id)
      aliases.set(name, alias)
    },
    asynchronous: (qualifier) => asynchronous.get(qualifier) ?? defaults,
    setAsynchronous: (qualifier, settings) => void asynchronous.set(qualifier, settings),
    next: (qualifier) => {
      if (qualifier === 'LATEST') return latest
      const alias = aliases.get(qualifier)
      if (!alias) throw new ReleaseRefused('AliasNotFound')
      const due = Object.entries(alias.weights).find(isDue)
      return find(due?.[0] ?? alias.versionId)
    },
    remove: () => {
      for (const folder of folders) rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A function as a deployment leaves it: what its triggers name is there. */
export const startDeployed = (template: FunctionTemplate): FunctionRelease => {
  const release = startRelease(template)
  const { qualifier, asynchronous } = template
  if (qualifier !== 'LATEST') {
    const { versionId } = release.publish('first')
    release.setAlias(qualifier, { versionId, weights: {} })
    release.setAsynchronous(qualifier, asynchronous)
  }
  return release
}
