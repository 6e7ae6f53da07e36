import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { parseSync } from 'vite'
import { describe, expect, test } from 'vitest'
import { english } from '../../src-main/desktop/i18n/en.ts'
import { indonesian } from '../../src-main/desktop/i18n/id.ts'
import { failureCodes } from '../../src-main/lib/failure-codes.ts'
import { en } from '../../src-renderer/i18n/en.ts'
import { id } from '../../src-renderer/i18n/id.ts'

const renderer = resolve(import.meta.dirname, '../../src-renderer')

describe('the dictionaries', () => {
  test('have the same keys, each a text or a function of as many values', () => {
    expect(shapeOf(id)).toEqual(shapeOf(en))
  })

  test('say nothing with nothing', () => {
    for (const words of [en, id]) {
      expect(leavesOf(words).filter(([, leaf]) => typeof leaf === 'string' && leaf.trim() === '')).toEqual([])
    }
  })

  test('differ from one another, but for names and what is the same in both', () => {
    const same = leavesOf(en).filter(([path, leaf]) => typeof leaf === 'string' && at(id, path) === leaf)
    const texts = same.map(([, leaf]) => leaf as string).filter((text) => /[a-z]{3,} [a-z]{3,}/.test(text))
    expect(texts).toEqual([])
  })

  test('have a sentence for every failure code', () => {
    for (const words of [en, id]) {
      expect(Object.keys(words.failures).sort()).toEqual(Object.keys(failureCodes).sort())
    }
  })

  test('say once when a device is tried again', () => {
    for (const { devices, common } of [en, id]) {
      const words = devices.nextTry(common.inTime('41 s')).split(' ')
      expect(words).toEqual(Array.from(new Set(words)))
    }
  })

  test('do not say of a message whose phone was removed that it was tried for a day', () => {
    expect(en.failures.expired.what).toMatch(/24 hours, or .*removed/)
    expect(id.failures.expired.what).toMatch(/24 jam, atau .*dihapus/)
    expect(en.failures.expired.todo).toMatch(/may still have arrived/)
    expect(id.failures.expired.todo).toMatch(/mungkin tetap sampai/i)
  })

  test('do not promise that calls are kept while sending is paused', () => {
    expect(en.common.status.paused).toMatch(/waiting.*resume.*refused/i)
    expect(id.common.status.paused).toMatch(/menunggu.*lanjutkan.*ditolak/i)
  })

  test('have one word for what ends a pause, for contacts and for newsletters, as the API and the tray do', () => {
    expect(en.common.status.resume).toBe('Resume')
    expect(english.tray.resume).toMatch(/^Resume /)
    expect(en.failures.sending_paused.todo).toContain(`“${en.common.status.resume}”`)
    expect(indonesian.tray.resume.startsWith(id.common.status.resume)).toBe(true)
    expect(id.failures.sending_paused.todo).toContain(`“${id.common.status.resume}”`)
    for (const [words, otherwise] of [
      [en, /new people|channel|go on when|“go on”/i],
      [id, /orang baru|saluran/i],
    ] as const) {
      expect(sentencesOf(words).filter((sentence) => otherwise.test(sentence))).toEqual([])
    }
  })

  test.each(Object.keys(failureCodes))('do not say the code of %s to people', (code) => {
    if (!code.includes('_')) return
    for (const words of [en, id]) expect(JSON.stringify(words)).not.toContain(`"${code} `)
  })
})

describe('the components', () => {
  const files = readdirSync(renderer, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.tsx'),
  )

  test.each(files)('%s says nothing that is not in the dictionaries', (file) => {
    const path = join(renderer, file)
    expect(visibleStrings(readFileSync(path, 'utf8'), relative(renderer, path))).toEqual([])
  })

  test('the search for such strings finds them', () => {
    const source = `
      export const A = ({ on }) => (
        <div title="Hello there">
          Plain text
          {on ? 'Chosen' : \`Other \${1}\`}
          <input aria-label={'Name'} placeholder="x" />
        </div>
      )
      notifications.show({ message: 'Done now' })`
    expect(visibleStrings(source, 'a.tsx')).toEqual([
      'Hello there',
      'Plain text',
      'Chosen',
      'Other ',
      'Name',
      'x',
      'Done now',
    ])
  })
})

type Tree = Record<string, unknown>

function leavesOf(tree: unknown, path: string[] = []): [string[], unknown][] {
  if (tree === null || typeof tree !== 'object') return [[path, tree]]
  return Object.entries(tree).flatMap(([key, branch]) => leavesOf(branch, [...path, key]))
}

/** Every text, and what functions say of some words. */
const sentencesOf = (words: unknown): string[] =>
  leavesOf(words).flatMap(([, leaf]) => {
    if (typeof leaf === 'string') return [leaf]
    return typeof leaf === 'function' && leaf.length === 1 ? [said(leaf, 'x'), said(leaf, null)] : []
  })

/** Of lists and numbers, which a text is neither, nothing is asked here. */
function said(leaf: unknown, value: unknown): string {
  try {
    return String((leaf as (value: unknown) => unknown)(value))
  } catch {
    return ''
  }
}

const shapeOf = (words: unknown) =>
  leavesOf(words)
    .map(([path, leaf]) => `${path.join('.')} ${typeof leaf === 'function' ? leaf.length : kindOf(leaf)}`)
    .sort()

const kindOf = (leaf: unknown) => (leaf === null ? 'null' : typeof leaf)

const at = (words: unknown, path: string[]): unknown =>
  path.reduce<unknown>((branch, key) => (branch as Tree | undefined)?.[key], words)

interface Node {
  type: string
  [field: string]: unknown
}

/** Attributes that people see or hear; others (ids, variants, sizes) are not for them. */
const spoken = new Set([
  'aria-label',
  'aria-description',
  'aria-roledescription',
  'aria-valuetext',
  'alt',
  'title',
  'label',
  'description',
  'placeholder',
  'error',
  'text',
  'intro',
  'hint',
])
/** What the window is called, and code that is shown as code. */
const allowed = new Set(['Kurir', ''])

function visibleStrings(source: string, file: string): string[] {
  const found: string[] = []
  const { program } = parseSync(file, source)
  walk(program, false)
  return found.filter((text) => /\p{L}/u.test(text) && !allowed.has(text.trim())).map((text) => text)

  function walk(node: unknown, visible: boolean): void {
    if (Array.isArray(node)) return node.forEach((one) => walk(one, visible))
    if (node === null || typeof node !== 'object' || !('type' in node)) return
    const { type, ...fields } = node as Node
    switch (type) {
      case 'JSXText':
        found.push(String(fields['value']).trim())
        return
      case 'Literal':
        if (visible && typeof fields['value'] === 'string') found.push(fields['value'])
        return
      case 'TemplateElement':
        if (visible) found.push((fields['value'] as { cooked: string }).cooked)
        return
      case 'JSXAttribute':
        return walk(fields['value'], spoken.has(nameOf(fields['name'] as Node)))
      case 'JSXElement':
        walk(fields['openingElement'], false)
        return walk(fields['children'], true)
      case 'Property':
        return walk(fields['value'], visible && isMessage(fields['key'] as Node))
      case 'CallExpression':
        walk(fields['callee'], false)
        return walk(fields['arguments'], isNotification(fields['callee'] as Node))
      case 'BinaryExpression':
      case 'MemberExpression':
        return Object.values(fields).forEach((field) => walk(field, false))
      case 'ConditionalExpression':
        walk(fields['test'], false)
        walk(fields['consequent'], visible)
        return walk(fields['alternate'], visible)
      default:
        return Object.values(fields).forEach((field) => walk(field, visible))
    }
  }
}

const nameOf = (name: Node): string =>
  typeof name['name'] === 'string' ? name['name'] : String((name['name'] as Node | undefined)?.['name'])
const isMessage = (key: Node) => ['message', 'title'].includes(String(key['name']))
const isNotification = (callee: Node) =>
  callee.type === 'MemberExpression' && (callee['object'] as Node)['name'] === 'notifications'
