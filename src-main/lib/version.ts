import manifest from '../../package.json' with { type: 'json' }

/** This program's version, as its packages and its answers name it. */
export const version: string = manifest.version
