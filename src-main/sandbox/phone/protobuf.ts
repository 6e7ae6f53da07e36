/** The fields that Baileys' own WAProto lacks are written by hand. */
export function field(number: number, content: number | Uint8Array): Buffer {
  if (typeof content === 'number') return Buffer.concat([varint(number * 8), varint(content)])
  return Buffer.concat([varint(number * 8 + 2), varint(content.length), content])
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80)
  return Buffer.from([...bytes, rest])
}
