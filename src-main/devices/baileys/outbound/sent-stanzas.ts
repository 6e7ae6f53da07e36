import type { BinaryNode } from '@whiskeysockets/baileys'

/**
 * Reads the text that Baileys 7.0.0-rc14 tells its log for every stanza that it sends, where the log's level is `trace`
 * (`binaryNodeToString` in lib/WABinary/generic-utils.js): one tag a line, attributes as `name='value'`, contents as lines
 * of their own, which are passed over. Its socket has no other place at which everything that is sent can be seen.
 *
 * What is misread, a quote in a name for instance, comes out as other attributes: whoever writes them down must not rely
 * on an attribute being what its name says.
 */
export function stanzaOfText(text: string): BinaryNode | null {
  const root: BinaryNode = { tag: '', attrs: {}, content: [] }
  const open: BinaryNode[] = [root]
  for (const line of text.split('\n')) {
    const trimmed = line.replace(/^\t+/, '')
    const closing = /^<\/([^ >]+)>$/.exec(trimmed)?.[1]
    if (closing !== undefined) {
      if (open.length > 1 && open.at(-1)?.tag === closing) open.pop()
      continue
    }
    const [, tag, attributes = '', end] = /^<([^ <>/]+) (.*?)(\/?>)$/.exec(trimmed) ?? []
    if (tag === undefined) continue
    const node: BinaryNode = { tag, attrs: attributesOf(attributes) }
    const parent = open.at(-1)
    if (parent === undefined) return null
    parent.content = [...(Array.isArray(parent.content) ? parent.content : []), node]
    if (end === '>') open.push(node)
  }
  return Array.isArray(root.content) ? (root.content[0] ?? null) : null
}

function attributesOf(text: string): Record<string, string> {
  const attributes: Record<string, string> = {}
  for (const [, name = '', value = ''] of text.matchAll(/([\w-]+)='([^']*)'/g)) attributes[name] = value
  return attributes
}
