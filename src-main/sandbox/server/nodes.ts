import { getBinaryNodeChild, getBinaryNodeChildren } from '@whiskeysockets/baileys'
import type { BinaryNode } from '@whiskeysockets/baileys'

export type { BinaryNode }

/** The server itself, as it names itself in `from`: a JID without a user. */
export const server = '@s.whatsapp.net'

/** Makes a node; attributes that are undefined are left out. */
export function node(
  tag: string,
  attributes: Record<string, string | undefined> = {},
  content?: BinaryNode['content'],
): BinaryNode {
  const attrs: Record<string, string> = {}
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) attrs[name] = value
  return content === undefined ? { tag, attrs } : { tag, attrs, content }
}

export function child(parent: BinaryNode | undefined, tag: string): BinaryNode | undefined {
  return getBinaryNodeChild(parent, tag)
}

export function children(parent: BinaryNode | undefined, tag: string): BinaryNode[] {
  return getBinaryNodeChildren(parent, tag)
}

export function allChildren(parent: BinaryNode | undefined): BinaryNode[] {
  return Array.isArray(parent?.content) ? parent.content : []
}

/** A node's content as bytes; empty where it has none or has children. */
export function bytesOf(of: BinaryNode | undefined): Buffer {
  if (of?.content instanceof Uint8Array) return Buffer.from(of.content)
  return typeof of?.content === 'string' ? Buffer.from(of.content) : Buffer.alloc(0)
}

export function childBytes(parent: BinaryNode | undefined, tag: string): Buffer {
  return bytesOf(child(parent, tag))
}

/** The answer to an iq that went well. */
export function resultOf(query: BinaryNode, content?: BinaryNode['content']): BinaryNode {
  return node('iq', { id: query.attrs['id'], type: 'result', from: query.attrs['to'] ?? server }, content)
}

/** The answer to an iq that did not. */
export function errorOf(query: BinaryNode, code: number, text: string): BinaryNode {
  const attributes = { id: query.attrs['id'], type: 'error', from: query.attrs['to'] ?? server }
  return node('iq', attributes, [node('error', { code: String(code), text })])
}

export function seconds(milliseconds: number): string {
  return String(Math.floor(milliseconds / 1000))
}

/** A whole number as big-endian bytes. */
export function bigEndian(value: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  bytes.writeUIntBE(value, 0, length)
  return bytes
}
