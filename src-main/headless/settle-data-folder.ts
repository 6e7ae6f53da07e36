import type { Logger } from '../lib/logging/logger.ts'
import { moveDataFolder } from '../storage/data-folder/move-data-folder.ts'
import type { CommandLine } from './terminal/command-line.ts'

/**
 * The command line with the data folder that this run uses; what earlier versions kept elsewhere is moved first. To be
 * called before anything is opened there.
 */
export function settleDataFolder(
  commandLine: CommandLine,
  shell: 'desktop' | 'headless',
): { commandLine: CommandLine; staysBecause: string | null } {
  const { dataFolder, earlierDataFolder } = commandLine
  if (earlierDataFolder === null) return { commandLine, staysBecause: null }
  const { folder, staysBecause } = moveDataFolder(dataFolder, earlierDataFolder, shell)
  return { commandLine: { ...commandLine, dataFolder: folder }, staysBecause }
}

/** @param reason why the data could not be moved; the next start tries again */
export function logThatDataStay(log: Logger, reason: string): void {
  log.warn({ reason }, 'could not move the data folder of an earlier version; it is used in place')
}
