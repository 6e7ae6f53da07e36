/** The text of bytes that say, or are taken, to be of a charset. */
export function decodeText(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes)
  } catch {
    // An unknown charset, or bytes that are not of it: what older Windows programs write unasked.
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** The text of a string whose characters stand for a byte each; one that has been decoded is given back. */
export function decodeByteString(text: string): string {
  return /^[\0-\xff]*$/.test(text) ? decodeText(Buffer.from(text, 'latin1'), 'utf-8') : text
}
