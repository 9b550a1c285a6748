import manifest from '../../../package.json' with { type: 'json' }

/** Version of this command line: that of the package. */
export const version: string = manifest.version
