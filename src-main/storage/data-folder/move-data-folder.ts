import { existsSync, lstatSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { sentenceOf, systemCodeOf } from '../../lib/failure.ts'
import { copyFolder, syncFolder } from './copy-folder.ts'
import { lockFolder } from './folder-lock.ts'
import { finishLeaving, noteOrigin } from './moved-from.ts'
import { databaseName } from '../backup/finish-restore.ts'

export interface SettledFolder {
  /** The folder to use in this run. */
  folder: string
  /** Why the data stays where it was, in words for the log; null where it is where it should be. */
  staysBecause: string | null
}

/**
 * Brings the data of earlier versions to where they are kept now, once. Nothing is lost however it ends: the new folder
 * appears whole or not at all, and the old one is given up only then. Wherever anything is unclear (another program uses
 * it, it is a link, there is something in the new place already, the disk is full) the old folder is left alone and used
 * where it is, and the next start tries again.
 *
 * @param wanted where the data belong now
 * @param earlier where earlier versions kept them
 * @param shell who asks; for the lock
 */
export function moveDataFolder(
  wanted: string,
  earlier: string,
  shell: 'desktop' | 'headless',
): SettledFolder {
  const there: SettledFolder = { folder: wanted, staysBecause: null }
  try {
    finishLeaving(wanted, earlier)
    if (!holdsData(earlier) || existsSync(join(wanted, databaseName))) return there
    const obstacle = obstacleToMove(wanted, earlier)
    if (obstacle !== null) return { folder: earlier, staysBecause: obstacle }
    move(wanted, earlier, shell)
    return there
  } catch (error) {
    // As far as it came: a folder with a database in it is whole.
    if (existsSync(join(wanted, databaseName))) return there
    return { folder: earlier, staysBecause: sentenceOf(error) }
  }
}

/** The folder that a program uses now; nothing is moved or made. */
export function dataFolderInUse(wanted: string, earlier: string): string {
  return holdsData(earlier) && !existsSync(join(wanted, databaseName)) ? earlier : wanted
}

/** Whether a program has kept anything of its own there: the key, devices and messages, or settings. */
function holdsData(folder: string): boolean {
  return [databaseName, 'settings.json', 'data-key.sealed', 'data.key'].some((name) =>
    existsSync(join(folder, name)),
  )
}

function obstacleToMove(wanted: string, earlier: string): string | null {
  if (!lstatSync(earlier).isDirectory()) return 'The earlier folder is a link.'
  const found = lstatSync(wanted, { throwIfNoEntry: false })
  if (found === undefined) return null
  if (!found.isDirectory() || readdirSync(wanted).length > 0)
    return 'There is something in the new place already.'
  return null
}

function move(wanted: string, earlier: string, shell: 'desktop' | 'headless'): void {
  // Refused where another program uses it. Windows renames no folder with an open file in it, so it is let go again.
  const lock = lockFolder(earlier, shell)
  if (existsSync(wanted)) rmdirSync(wanted)
  lock.release()
  try {
    renameSync(earlier, wanted)
  } catch (error) {
    // Another disk, or a share of the network that Windows' roaming folder was put on.
    if (systemCodeOf(error) !== 'EXDEV') throw error
    moveByCopy(wanted, earlier, shell)
  }
}

function moveByCopy(wanted: string, earlier: string, shell: 'desktop' | 'headless'): void {
  const unfinished = `${wanted}.moving`
  // What an earlier attempt left, which a crash broke off.
  rmSync(unfinished, { recursive: true, force: true })
  const lock = lockFolder(earlier, shell)
  try {
    copyFolder(earlier, unfinished)
    noteOrigin(unfinished, earlier)
    renameSync(unfinished, wanted)
    syncFolder(join(wanted, '..'))
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    throw error
  } finally {
    lock.release()
  }
  finishLeaving(wanted, earlier)
}
