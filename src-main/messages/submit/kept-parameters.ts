import type { KeepTexts } from '../log/redact-text.ts'

/** The row has these already. */
const inTheRow = ['message', 'caption']
/** They tell of the content too. */
const ofTheContent = [...inTheRow, 'footer', 'url', 'file', 'filename']

/** A call's parameters as they are kept for the story, as JSON: no text twice, and none that is not to be kept. */
export function keptParameters(parameters: Record<string, string>, keep: KeepTexts): string {
  const left = new Set(keep === 'yes' ? inTheRow : ofTheContent)
  return JSON.stringify(Object.fromEntries(Object.entries(parameters).filter(([name]) => !left.has(name))))
}
