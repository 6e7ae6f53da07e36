/**
 * A parameter's name as this API knows it: without blanks around it, in lower case, and without what mistakes put before
 * it: the `amp;` of an address that was escaped for HTML, a second `?`. In time linear to its length, as of strangers it
 * has 120 KB: the blanks at the end are looked for from where they begin only.
 */
export function canonicalName(written: string): string {
  return written
    .replaceAll(/^[\s\u200b\ufeff?]+|(?<![\s\u200b\ufeff])[\s\u200b\ufeff]+$/g, '')
    .replace(/^(?:amp;)+/i, '')
    .replace(/\[\d*\]$/, '')
    .toLowerCase()
}

/** Whether the name is written as that of one of several values: `number[]`, `number[0]`. */
export function isListName(written: string): boolean {
  return /\[\d*\]\s*$/.test(written)
}
