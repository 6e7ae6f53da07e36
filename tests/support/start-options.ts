import packageFile from '../../package.json' with { type: 'json' }

/** What `npm start` gives Node. */
export const startOptions: readonly string[] = packageFile.scripts.start.match(/--\S+/g) ?? []
