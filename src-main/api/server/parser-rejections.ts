import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Failure } from '../../lib/failure.ts'
import { rawResponse } from '../middleware/responses.ts'
import { endWith } from './connections.ts'

/** What the HTTP parser gave up on, as a Failure; null for a connection that simply ended. */
export function rejectionOf(error: Error & { code?: string; rawPacket?: Buffer }): Failure | null {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return new Failure(
        'headers_too_large',
        'The address and the headers are larger than 128 KiB. Send long texts by POST, in the body.',
      )
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Failure('request_timeout', 'The request did not arrive completely in time.')
    case 'ECONNRESET':
    case 'EPIPE':
      return null
    case undefined:
    default:
      return new Failure('request_malformed', hint(error.rawPacket))
  }
}

/**
 * Answers a request that never became one, and lets the connection go once the answer is out.
 * @param current the answer under way on that connection
 */
export function answerRejection(failure: Failure, socket: Socket, current: ServerResponse | undefined): void {
  // The request before it came whole and is carried out: what follows, a body that is longer than it was announced say,
  // is not to be told as if nothing had been.
  if (current?.req.complete === true && socket.writable) {
    current.shouldKeepAlive = false
    return
  }
  // An answer that is half out cannot be followed by another one.
  if (!socket.writable || current?.headersSent === true) socket.destroy()
  else endWith(socket, rawResponse(failure))
}

function hint(packet: Buffer | undefined): string {
  const firstLine = packet?.toString('latin1').split(/\r?\n/, 1)[0] ?? ''
  if (/^[A-Z]+ (\S* .* HTTP\/1\.\d$|\S*[\u0080-\u00ff])/.test(firstLine)) {
    return (
      'The address holds a space or a letter that is not ASCII. URL-encode every value (a space is %20): ' +
      'rawurlencode() in PHP, encodeURIComponent() in JavaScript, quote() in Python.'
    )
  }
  return 'The request is not valid HTTP. If a text stands in the address, URL-encode it (a space is %20).'
}
