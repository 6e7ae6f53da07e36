import { realpath } from 'node:fs/promises'
import { dirname, isAbsolute, relative, sep } from 'node:path'

/**
 * Whether a file that the operator chose would be among the program's own. It would replace what has its name there:
 * a backup named like the database takes the place of the one that is open, and all that is written from then on is
 * lost with the program's end.
 */
export async function isInsideDataFolder(file: string, dataFolder: string): Promise<boolean> {
  const [chosen, ours] = await Promise.all([realpath(dirname(file)), realpath(dataFolder)])
  const way = relative(ours, chosen)
  return !isAbsolute(way) && way.split(sep, 1)[0] !== '..'
}
