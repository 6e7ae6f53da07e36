import type { Failure } from '../../lib/failure.ts'
import type { Texts } from '../i18n/texts.ts'

/**
 * Why the program cannot start, for somebody who has only the desktop. What names an option of the command line
 * is left as it is: whoever wrote that option reads it.
 *
 * @param folder the data folder
 */
export function startupErrorMessage({ code, message }: Failure, texts: Texts, folder: string | null): string {
  const { reasons } = texts.dialogs
  if (folder === null || !Object.hasOwn(reasons, code)) return message
  return reasons[code as keyof typeof reasons](folder)
}
