/**
 * Joins frames of one configuration into one packet of code 3 with lengths of their own (RFC 6716, 3.2.5). WhatsApp's
 * own voice notes are packed so, three frames of 20 ms each, and iPhones refuse others (Baileys PR 2648).
 *
 * `packets` are what the encoder gave: code 0, one frame each. At most 48, of 2.5 to 20 ms.
 */
export function joinFrames(packets: readonly Uint8Array[]): Uint8Array {
  const configuration = (packets[0]?.[0] ?? 0) & 0xfc
  if (packets.some((packet) => packet[0] !== configuration)) {
    throw new Error('frames of one packet share their configuration')
  }
  const frames = packets.map((packet) => packet.subarray(1))
  const lengths = frames.slice(0, -1).flatMap((frame) => frameLength(frame.length))
  const variable = 0x80
  return Buffer.concat([Buffer.from([configuration | 3, variable | frames.length, ...lengths]), ...frames])
}

/** RFC 6716, 3.2.1. */
function frameLength(bytes: number): number[] {
  if (bytes < 252) return [bytes]
  const first = 252 + (bytes & 3)
  return [first, (bytes - first) / 4]
}
