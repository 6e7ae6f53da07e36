import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Licence } from '../../../src-preload/contract.ts'

/** Written by the build, beside the folder of this bundle. */
const file = join(import.meta.dirname, '..', 'licences.json')

/** Everything that is bundled, with its version and licence; empty where the program runs from its sources. */
export async function licences(): Promise<Licence[]> {
  return existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Licence[]) : []
}
