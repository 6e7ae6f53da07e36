/**
 * Moves a data folder as a start on Windows does. Kills itself in place of the change of the file system that has that
 * number, counted from 1; a file that was to be copied is then there by half. Prints how many changes there were.
 *
 *   node folder-mover.ts WANTED EARLIER NUMBER
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const [, , wanted = '', earlier = '', number = ''] = process.argv
const changing = [
  'mkdirSync',
  'rmdirSync',
  'rmSync',
  'renameSync',
  'copyFileSync',
  'writeFileSync',
  'fsyncSync',
] as const
let changes = 0

for (const name of changing) {
  const original = fs[name] as (...words: unknown[]) => unknown
  const counted = (...words: unknown[]): unknown => {
    changes += 1
    if (changes !== Number(number)) return original(...words)
    if (name === 'copyFileSync') {
      const whole = fs.readFileSync(words[0] as string)
      fs.appendFileSync(words[1] as string, whole.subarray(0, whole.length / 2))
    }
    return process.kill(process.pid, 'SIGKILL')
  }
  Object.assign(fs, { [name]: counted })
}
syncBuiltinESMExports()

const { moveDataFolder } = await import('../../src-main/storage/data-folder/move-data-folder.ts')
moveDataFolder(wanted, earlier, 'headless')
console.log(changes)
