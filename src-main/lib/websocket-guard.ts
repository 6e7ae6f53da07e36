import type { Duplex } from 'node:stream'

const lingerMs = 1_000

/** Answers an upgrade that may not be, and lets the connection go whatever its client does. */
export function refuseUpgrade(stream: Duplex, status: string): void {
  stream.on('error', () => stream.destroy())
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
  // What the client is still sending would be met with a reset that eats the answer.
  stream.resume()
  const timer = setTimeout(() => stream.destroy(), lingerMs)
  stream.once('close', () => clearTimeout(timer))
}

/**
 * Cuts a WebSocket's stream off that sends more than `maxBytes` or takes longer than `withinMs` before its client has
 * shown who it is. WebSocket libraries gather whole messages first, so the bytes are counted below them.
 *
 * @returns to be called once the client is known: from then on nothing is limited here
 */
export function limitUntilKnown(stream: Duplex, limits: { maxBytes: number; withinMs: number }): () => void {
  let bytes = 0
  const count = (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > limits.maxBytes) stream.destroy()
  }
  const timer = setTimeout(() => stream.destroy(), limits.withinMs)
  const lift = () => {
    clearTimeout(timer)
    stream.off('data', count)
  }
  stream.on('data', count)
  stream.once('close', lift)
  return lift
}
