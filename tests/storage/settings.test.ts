import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { confStore } from '../../src-main/storage/settings/settings-store.ts'
import { Settings } from '../../src-main/storage/settings/settings.ts'
import { folder } from './support.ts'

const open = (path: string) => new Settings(confStore(path))

describe('settings', () => {
  it('have defaults, and keep what is set in settings.json, for their user only', () => {
    const path = folder()
    const settings = open(path)
    expect(settings.get('numbers.countryCode')).toBe('62')
    settings.set('numbers.countryCode', '49')
    settings.set('pace', 'off')
    settings.set('pace.perHour', 30)
    expect(JSON.parse(readFileSync(join(path, 'settings.json'), 'utf8'))).toEqual({
      'numbers.countryCode': '49',
      pace: 'off',
      'pace.perHour': 30,
    })
    expect(statSync(join(path, 'settings.json')).mode & 0o777).toBe(0o600)
    const again = open(path)
    expect(again.get('pace.perHour')).toBe(30)
    expect(again.kept()).toEqual({ 'numbers.countryCode': '49', pace: 'off', 'pace.perHour': 30 })
  })

  it('refuse what their schema refuses, and names there are not', () => {
    const settings = open(folder())
    for (const value of [0, 'many', undefined, {}, 1.5]) {
      expect(() => settings.set('pace.perHour', value)).toThrow(
        expect.objectContaining({ code: 'setting_invalid' }),
      )
    }
    expect(() => settings.set('pace.perYear', 1)).toThrow(
      expect.objectContaining({ code: 'setting_unknown' }),
    )
    expect(settings.get('pace.perHour')).toBe(600)
  })

  it.each([
    ['pace.perHour', 'many', 'takes a whole number from 1 to 100000.'],
    ['pace.perHour', 0, 'takes a whole number from 1 to 100000.'],
    ['api.requestsPerMinute', 1.5, 'takes a whole number from 0 to 1000000.'],
    ['api.lan', 'perhaps', 'takes true or false.'],
    ['media.trustedHosts', 7, 'takes a list, separated by commas.'],
    ['numbers.countryCode', 'ID', 'takes a country code of 1 to 3 digits, such as 62.'],
    ['pace', 'fast', 'takes one of normal, off.'],
    ['window.theme', undefined, 'needs a value.'],
    ['api.port', 0, 'takes a whole number from 1 to 65535.'],
    [
      'media.trustedHosts',
      ['kasir.lan', '*.lan'],
      'takes hosts such as kasir.lan, kasir.lan:8080, 192.168.1.5 or 192.168.1.0/24, separated by commas, not “*.lan”.',
    ],
    [
      'media.trustedHosts',
      '127.0.0.1 8077',
      'takes hosts such as kasir.lan, kasir.lan:8080, 192.168.1.5 or 192.168.1.0/24, separated by commas, not “127.0.0.1 8077”.',
    ],
    [
      'api.allowedOrigins',
      'toko.example',
      'takes web addresses with their scheme, such as https://toko.example, separated by commas, not “toko.example”.',
    ],
    [
      'api.lanAddresses',
      'kasir',
      'takes addresses of this PC such as 192.168.1.5, separated by commas, not “kasir”.',
    ],
  ])('say in words what %s takes instead of %o', (name, value, words) => {
    const message = `The setting ${name} ${words}`
    expect(() => open(folder()).set(name, value)).toThrow(expect.objectContaining({ message }))
  })

  it('take the host out of an address that was copied, and keep what is usable of earlier lists', () => {
    const settings = open(folder())
    settings.set('media.trustedHosts', ['http://127.0.0.1:8077', 'https://kasir.lan/nota/1.pdf', '[::1]:80'])
    expect(settings.get('media.trustedHosts')).toEqual(['127.0.0.1:8077', 'kasir.lan', '[::1]:80'])
    settings.override('api.port', '0')
    expect(settings.get('api.port')).toBe(0)
  })

  it('take a value for one run as text, and keep none of it', () => {
    const path = folder()
    const settings = open(path)
    settings.override('api.requestsPerMinute', '5')
    settings.override('api.lan', 'true')
    settings.override('media.trustedHosts', 'shop.local, 10.0.0.0/8')
    expect(settings.all()).toMatchObject({
      'api.requestsPerMinute': 5,
      'api.lan': true,
      'media.trustedHosts': ['shop.local', '10.0.0.0/8'],
    })
    expect(settings.overridden()).toEqual(['api.requestsPerMinute', 'api.lan', 'media.trustedHosts'])
    expect(settings.kept()).toEqual({})
    expect(() => settings.override('api.lan', 'perhaps')).toThrow(
      expect.objectContaining({ code: 'setting_invalid' }),
    )
    expect(open(path).get('api.lan')).toBe(false)
  })

  it('keep a value that is set while it is overridden, for the next run', () => {
    const path = folder()
    const settings = open(path)
    settings.override('pace', 'off')
    settings.set('pace', 'normal')
    expect(settings.get('pace')).toBe('off')
    expect(open(path).get('pace')).toBe('normal')
  })

  it('tell who listens of values that are other ones now, and of no others', () => {
    const settings = open(folder())
    const heard: string[] = []
    const end = settings.onChange.add((name) => heard.push(name))
    settings.set('pace.perHour', 30)
    settings.set('pace.perHour', 30)
    settings.set('api.allowedOrigins', [])
    settings.override('pace', 'off')
    end()
    settings.set('pace.perHour', 31)
    expect(heard).toEqual(['pace.perHour', 'pace'])
  })

  it('count a kept value that no schema takes as not set', () => {
    const path = folder()
    writeFileSync(join(path, 'settings.json'), '{"pace.perHour":"lots","pace":"off","of another version":1}')
    const settings = open(path)
    expect(settings.get('pace.perHour')).toBe(600)
    expect(settings.get('pace')).toBe('off')
  })

  it.each(['{"pace":', '', 'pace = off', '\0\0\0'])(
    'set a file aside that holds %j, and start anew',
    (content) => {
      const path = folder()
      writeFileSync(join(path, 'settings.json'), content)
      const settings = open(path)
      expect(settings.get('pace')).toBeNull()
      settings.set('pace', 'off')
      expect(open(path).get('pace')).toBe('off')
      const kept = readdirSync(path).filter((name) => /^settings\.damaged-.*\.json$/.test(name))
      expect(kept).toHaveLength(1)
      expect(settings.quarantine).toBe(join(path, kept[0] ?? ''))
      expect(readFileSync(join(path, kept[0] ?? ''), 'utf8')).toBe(content)
    },
  )
})
