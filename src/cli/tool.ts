import manifest from '../../package.json' with { type: 'json' }

/** The name and version of this program. */
export const tool = { name: manifest.name, version: manifest.version }
