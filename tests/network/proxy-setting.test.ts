import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cipherWith } from '../../src-main/storage/settings/cipher.ts'
import { Settings } from '../../src-main/storage/settings/settings.ts'
import { confStore } from '../../src-main/storage/settings/settings-store.ts'

const password = 'r4has!a'
const withPassword = `http://kasir:${encodeURIComponent(password)}@10.0.0.1:3128`
const shown = 'http://kasir@10.0.0.1:3128'
const name = 'network.proxy'

function open(folder = mkdtempSync(join(tmpdir(), 'kurir-proxy-')), key: Buffer = randomBytes(32)) {
  const settings = new Settings(confStore(folder))
  settings.sealSecretsWith(cipherWith(key))
  const file = join(folder, 'settings.json')
  return { settings, folder, key, file, text: () => readFileSync(file, 'utf8') }
}

describe('the setting network.proxy', () => {
  it('is “system” until somebody sets it', () => expect(open().settings.get(name)).toBe('system'))

  it.each([
    ['none', 'none'],
    ['SYSTEM', 'system'],
    [' 10.0.0.1:3128 ', 'http://10.0.0.1:3128'],
    ['socks5://10.0.0.1', 'socks5://10.0.0.1'],
    ['HTTPS://Proxy.LAN:3128/', 'https://proxy.lan:3128'],
  ])('takes “%s” as %s', (written, kept) => {
    const { settings } = open()
    settings.set(name, written)
    expect(settings.get(name)).toBe(kept)
  })

  it.each(['', 'proxy', 'ftp://10.0.0.1:21', 'http://10.0.0.1/proxy.pac', 'http://:@', 7, null, ['none']])(
    'refuses %j with a sentence that says what it takes',
    (written) => {
      const { settings } = open()
      expect(() => settings.set(name, written)).toThrow(
        /takes system, none, or the address of a proxy such as http:/,
      )
      expect(settings.get(name)).toBe('system')
    },
  )

  it('never quotes what it refuses, which may hold a password', () => {
    const { settings } = open()
    expect(() => settings.set(name, `htp://kasir:${password}@10.0.0.1`)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining(password) }),
    )
  })

  it('keeps a password sealed: neither its value, the file, what is backed up nor the overview has it', () => {
    const { settings, folder, key, text } = open()
    settings.set(name, withPassword)
    expect(settings.get(name)).toBe(shown)
    expect(settings.secretOf(name)).toBe(password)
    expect(settings.all()[name]).toBe(shown)
    expect(settings.kept()).toEqual({ [name]: shown })
    expect(text()).not.toContain(password)
    expect(text()).not.toContain(encodeURIComponent(password))
    expect(open(folder, key).settings.secretOf(name)).toBe(password)
  })

  it('has no password under another data key, as after a restore on another PC', () => {
    const { settings, folder } = open()
    settings.set(name, withPassword)
    expect(open(folder).settings.secretOf(name)).toBeNull()
  })

  it('keeps the password where the same address is set without it, and forgets it with any other', () => {
    const { settings, text } = open()
    settings.set(name, withPassword)
    settings.set(name, shown)
    expect(settings.secretOf(name)).toBe(password)
    settings.set(name, 'http://kasir@10.0.0.2:3128')
    expect(settings.secretOf(name)).toBeNull()
    settings.set(name, shown)
    expect(settings.secretOf(name)).toBeNull()
    expect(Object.keys(JSON.parse(text()) as object)).toEqual([name])
  })

  it('gives a sealed password that was copied beside another address to nobody', () => {
    const { settings, folder, key, file, text } = open()
    settings.set(name, withPassword)
    writeFileSync(file, text().replace('10.0.0.1', 'thief.example'))
    const other = open(folder, key).settings
    expect(other.get(name)).toBe('http://kasir@thief.example:3128')
    expect(other.secretOf(name)).toBeNull()
  })

  it('seals what somebody has written into the file by hand', () => {
    const first = open()
    writeFileSync(first.file, JSON.stringify({ [name]: withPassword }))
    const { settings, text } = open(first.folder, first.key)
    expect(settings.get(name)).toBe(shown)
    expect(settings.secretOf(name)).toBe(password)
    expect(text()).not.toContain(encodeURIComponent(password))
  })

  it('never shows a password that stands in a file which cannot be written', () => {
    const written = { [name]: withPassword } as Record<string, unknown>
    const settings = new Settings({
      get: (key) => written[key],
      set: () => {
        throw new Error('EROFS')
      },
      delete: () => undefined,
    })
    settings.sealSecretsWith(cipherWith(randomBytes(32)))
    expect(settings.get(name)).toBe(shown)
    expect(JSON.stringify([settings.all(), settings.kept()])).not.toContain(encodeURIComponent(password))
  })

  it('takes a password for one run from the command line, and keeps it nowhere', () => {
    const { settings, text } = open()
    settings.set('media.maxImageMiB', 3)
    settings.override(name, withPassword)
    expect(settings.get(name)).toBe(shown)
    expect(settings.secretOf(name)).toBe(password)
    expect(text()).not.toContain('kasir')
  })

  it('tells of a change where only the password is another one', () => {
    const { settings } = open()
    settings.set(name, withPassword)
    const changed: string[] = []
    settings.onChange.add((changedName) => void changed.push(changedName))
    settings.set(name, shown)
    expect(changed).toEqual([])
    settings.set(name, 'http://kasir:lain@10.0.0.1:3128')
    expect(changed).toEqual([name])
    expect(settings.secretOf(name)).toBe('lain')
  })
})
