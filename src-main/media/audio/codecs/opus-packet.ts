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

/** Samples at 48 kHz that a packet holds (RFC 6716, 3.1 and 3.2); null where it is none. */
export function samplesOf(packet: Uint8Array): number | null {
  const [first, second] = packet
  if (first === undefined) return null
  const configuration = first >> 3
  const code = first & 3
  const frames = code === 0 ? 1 : code === 3 ? (second ?? 0) & 63 : 2
  const samples = frames * samplesPerFrame(configuration)
  return samples === 0 || samples > 5_760 ? null : samples
}

function samplesPerFrame(configuration: number): number {
  if (configuration < 12) return [480, 960, 1_920, 2_880][configuration & 3] ?? 0
  if (configuration < 16) return [480, 960][configuration & 1] ?? 0
  return [120, 240, 480, 960][configuration & 3] ?? 0
}

/** RFC 6716, 3.2.1. */
function frameLength(bytes: number): number[] {
  if (bytes < 252) return [bytes]
  const first = 252 + (bytes & 3)
  return [first, (bytes - first) / 4]
}
