/**
 * What no phone shows, taken out of a text: line breaks of every system are LF; control characters, which printers and
 * terminals understand, are gone but for tabs.
 */
export function cleanCharacters(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed()
  if (!/[^\n\t\x20-\x7e\xa0-\u2027\u202a-\uffff]/.test(whole)) return whole
  // LF CR is one line break where every CR has its LF before it, as RISC OS and some printers' drivers write it.
  const isReversed = whole.includes('\n\r') && !/(^|[^\n])\r/.test(whole)
  const lined = isReversed ? whole.replaceAll('\n\r', '\n') : whole
  return lined.replaceAll(/\r\n|[\r\v\f\x85\u2028\u2029]/g, '\n').replaceAll(/(?![\t\n])\p{Cc}/gu, '')
}

/** Whether a reader would see anything of it: blanks and characters of no width are not seen. */
export function isVisible(text: string): boolean {
  return /[^\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u.test(text)
}
