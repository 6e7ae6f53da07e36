import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Figure } from '../figure.ts'
import { builtFolder } from '../kurir.ts'
import { rounded } from '../statistics.ts'

/** All JavaScript that the window can load, each file gzipped as a server would. */
export const windowJs: Figure = {
  names: ['window_js'],
  measure: async ({ say }) => {
    const folder = join(builtFolder, 'renderer')
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.js'),
    )
    const bytes = files.reduce(
      (sum, file) => sum + gzipSync(readFileSync(join(folder, file)), { level: 9 }).length,
      0,
    )
    say(`${files.length} files, ${rounded(bytes / 1_000)} kB`)
    return [
      {
        name: 'window_js',
        samples: [bytes / 1_000],
        sides: [],
        notes: [`${files.length} files of out/renderer, gzip level 9, kB of 1,000 bytes.`],
      },
    ]
  },
}
