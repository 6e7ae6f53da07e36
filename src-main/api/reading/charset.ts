/** The text of bytes that say, or are taken, to be of a charset; a byte order mark knows better. */
export function decodeText(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(markedAs(bytes) ?? knownCharset(charset), { fatal: true }).decode(bytes)
  } catch {
    // Bytes that are not of it: what older Windows programs write unasked.
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** A charset that nobody knows (`utf8mb4`, `'utf-8'` in single quotes) says nothing: UTF-8 is tried, as without any. */
function knownCharset(charset: string): string {
  if (charset === 'utf-8') return charset
  try {
    return new TextDecoder(charset).encoding
  } catch {
    return 'utf-8'
  }
}

// Windows PowerShell writes its files in UTF-16, and nobody says so when such a file is posted.
function markedAs([first, second]: Uint8Array): string | null {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : null
}
