import { hiddenFlag, restartedFlag } from './start-options.ts'

/** The words of the next start: this one's, in the tray, with the time of the restart. */
export function restartArguments(now: number, words: readonly string[] = process.argv.slice(1)): string[] {
  const kept = words.filter((word) => word !== hiddenFlag && !word.startsWith(restartedFlag))
  return [...kept, hiddenFlag, `${restartedFlag}${now}`]
}
