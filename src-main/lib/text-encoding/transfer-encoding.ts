import { Failure } from '../failure.ts'

/** Undoes a Content-Transfer-Encoding piece by piece; `last` gives what is left at the end. */
export interface TransferDecoder {
  next(piece: Buffer): Buffer
  last(): Buffer
}

/**
 * The decoder of an encoding (RFC 2045, 6.1); null where the bytes stand for themselves.
 * @throws Failure body_unreadable for one that is not known
 */
export function transferDecoder(encoding: string): TransferDecoder | null {
  switch (encoding) {
    case 'binary':
    case '7bit':
    case '8bit':
    case 'identity':
    case 'none':
    case 'utf-8':
      return null
    case 'base64':
      return new Base64Decoder()
    case 'quoted-printable':
      return new QuotedPrintableDecoder()
    default:
      throw new Failure(
        'body_unreadable',
        `The Content-Transfer-Encoding "${encoding.slice(0, 40)}" of a part is not read. Use base64, quoted-printable or none.`,
      )
  }
}

/** null where the text is no Base64. */
export function decodeBase64(text: Buffer): Buffer | null {
  try {
    const decoder = new Base64Decoder()
    return Buffer.concat([decoder.next(text), decoder.last()])
  } catch {
    // The caller says what that means.
    return null
  }
}

export function decodeQuotedPrintable(text: Buffer): Buffer {
  const decoder = new QuotedPrintableDecoder()
  return Buffer.concat([decoder.next(text), decoder.last()])
}

/** Blanks and line ends count for nothing; both alphabets are read, and the padding may be missing. */
class Base64Decoder implements TransferDecoder {
  #carry = ''
  #padded = false

  next(piece: Buffer): Buffer {
    const text = this.#carry + piece.toString('latin1').replaceAll(/\s+/g, '')
    const [, letters = '', padding = '', rest = ''] = /^([\w+/-]*)(={0,2})(.*)$/s.exec(text) ?? []
    if (rest !== '' || (this.#padded && letters !== '')) throw notBase64()
    if (padding !== '') {
      this.#padded = true
      this.#carry = ''
      return Buffer.from(letters, 'base64')
    }
    const whole = letters.length - (letters.length % 4)
    this.#carry = letters.slice(whole)
    return Buffer.from(letters.slice(0, whole), 'base64')
  }

  last(): Buffer {
    if (this.#carry.length === 1) throw notBase64()
    return Buffer.from(this.#carry, 'base64')
  }
}

function notBase64(): Failure {
  return new Failure('body_unreadable', 'A part says that it is base64, and is not.')
}

/** `=3D`, and `=` at the end of a line that goes on; what only looks like an escape stays as it is. */
class QuotedPrintableDecoder implements TransferDecoder {
  #carry = ''

  next(piece: Buffer): Buffer {
    const text = this.#carry + piece.toString('latin1')
    // An escape may go on in the next piece.
    const cut = /=(?:[ \t]{0,76}\r?|[\da-f])$/i.exec(text.slice(-80))
    const whole = cut === null ? text.length : text.length - cut[0].length
    this.#carry = text.slice(whole)
    return decoded(text.slice(0, whole))
  }

  last(): Buffer {
    return decoded(this.#carry.replace(/=[ \t]*\r?$/, ''))
  }
}

function decoded(text: string): Buffer {
  const read = text
    .replaceAll(/=[ \t]{0,76}\r?\n/g, '')
    .replaceAll(/=([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(read, 'latin1')
}
