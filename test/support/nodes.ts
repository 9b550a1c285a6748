import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

/** A Node.js on which the bundles are run. */
export interface AvailableNode {
  /** As in `v24`. */
  readonly version: string
  readonly program: string
}

const fetched = (major: number): AvailableNode => ({
  version: `v${major}`,
  program: resolve(`dist/node/${major}/node_modules/node-${process.platform}-${process.arch}/bin/node`),
})

/** The Node.js versions of the layers, which `infra/build/fetch-nodes.mjs` fetches. */
export const layerNodes = [fetched(22), fetched(24)]

/** Those of them that are there. */
export const fetchedNodes = layerNodes.filter(({ program }) => existsSync(program))
