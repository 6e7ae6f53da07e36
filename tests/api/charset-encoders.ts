/** Writes a text in a charset, from what the decoder of that charset reads: every sequence of one and two bytes is tried. */
export interface CharsetEncoder {
  /** Every character that can be written. */
  readonly characters: readonly string[]
  encode(text: string): Buffer
}

const made = new Map<string, CharsetEncoder>()

export function encoderOf(label: string): CharsetEncoder {
  const before = made.get(label)
  if (before !== undefined) return before
  const encoder = label.startsWith('utf') ? unicodeEncoder(label) : tableEncoder(label)
  made.set(label, encoder)
  return encoder
}

function unicodeEncoder(label: string): CharsetEncoder {
  const some = Array.from('aZ09é€ß日本語한국اردو😀👩‍👩‍👧ñ—"\'\\/<>{}[]:;,.?!@#$^*()_~` \n\t')
  return {
    characters: some,
    encode: (text) => {
      if (label === 'utf-8') return Buffer.from(text)
      const bytes = Buffer.from(text, 'utf16le')
      return label === 'utf-16be' ? bytes.swap16() : bytes
    },
  }
}

function tableEncoder(label: string): CharsetEncoder {
  const decoder = new TextDecoder(label, { fatal: true })
  const table = new Map<string, number[]>()
  const tryBytes = (bytes: number[]) => {
    try {
      const text = decoder.decode(Uint8Array.from(bytes))
      if (Array.from(text).length === 1 && !table.has(text)) table.set(text, bytes)
    } catch {
      // Not of the charset.
    }
  }
  for (let first = 0; first < 256; first += 1) tryBytes([first])
  if (table.size < 200)
    for (let first = 0x81; first < 256; first += 1)
      for (let second = 0x40; second < 256; second += 1) tryBytes([first, second])
  // What is no text: control characters, and the private use area that fills the gaps of some tables.
  const characters = [...table.keys()].filter((one) => !/[\p{Cc}\p{Co}\p{Cn}]/u.test(one) || one === '\n')
  return {
    characters,
    encode: (text) => Buffer.from(Array.from(text).flatMap((one) => table.get(one) ?? [])),
  }
}
