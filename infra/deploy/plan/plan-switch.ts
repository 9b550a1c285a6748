import type { Change } from './change.ts'
import type { Control } from './control.ts'
import { DeployFailed } from './failure.ts'
import { type Live, type Release, deploymentOrder, isLive, readRelease, setLive } from './releases.ts'

/** A function that is deployed. */
type LiveRelease = Release & { readonly live: Live }

const isLiveRelease = (release: Release): release is LiveRelease => release.live !== null

const readAll = async (control: Control): Promise<readonly LiveRelease[]> => {
  const releases: Release[] = []
  for (const name of deploymentOrder) releases.push(await readRelease(control, name))
  const there = releases.filter(isLiveRelease)
  if (there.length < releases.length)
    throw new DeployFailed('Not every function has a version that is live. "npm run deploy" makes one.')
  return there
}

const shown = ({ versions }: Release, { version, weights }: Live): string => {
  const found = versions.find(({ id }) => id === version)
  const parts = Object.entries(weights).map(([id, weight]) => `, ${Math.round(weight * 100)} % to ${id}`)
  return `version ${version}, published ${found?.publishedAt ?? 'long ago'}${parts.join('')}`
}

const changeOf = (control: Control, release: LiveRelease, version: number): readonly Change[] => {
  const live = { version, weights: {} }
  if (isLive(release, live)) return []
  return [
    {
      title: `send all invocations of precheck-${release.name} to version ${version}`,
      details: [`before: ${shown(release, release.live)}`, `after: ${shown(release, live)}`],
      apply: () => setLive(control, release, live),
    },
  ]
}

/** Plans to make canaries whole. Only reads. Throws `DeployFailed`. */
export const planPromotion = async (control: Control): Promise<readonly Change[]> =>
  (await readAll(control)).flatMap((release) => {
    const newest = Math.max(...Object.keys(release.live.weights).map(Number))
    return Number.isFinite(newest) ? changeOf(control, release, newest) : []
  })

const versionOf = ({ versions }: Release, deployment: string): number | undefined =>
  versions.find((version) => version.deployment === deployment)?.id

/** Where a deployment lies, seen from what is live of a function. */
const positionOf = (release: LiveRelease, deployment: string): 'before' | 'live' | 'elsewhere' => {
  const { version, weights } = release.live
  const id = versionOf(release, deployment)
  if (id === undefined || id > version) return 'elsewhere'
  return id < version || Object.keys(weights).length > 0 ? 'before' : 'live'
}

const isWayBack = (releases: readonly LiveRelease[], deployment: string): boolean => {
  const positions = releases.map((release) => positionOf(release, deployment))
  return !positions.includes('elsewhere') && positions.includes('before')
}

/**
 * Plans the way back to the deployment before the one that is live, as a whole: without the canary, if there is one;
 * else to the newest earlier one that all functions have a version of. Those that send messages go first. Only reads.
 * Throws `DeployFailed`.
 */
export const planRollback = async (control: Control): Promise<readonly Change[]> => {
  const releases = await readAll(control)
  const [first] = releases
  const target = first?.versions.find(({ deployment }) => isWayBack(releases, deployment))
  if (target === undefined)
    throw new DeployFailed('There is no earlier deployment that all functions have a version of.')
  return releases.toReversed().flatMap((release) => {
    const id = versionOf(release, target.deployment)
    return id === undefined ? [] : changeOf(control, release, id)
  })
}
