import { assert, property, string, uint8Array } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cipherWith } from '../../src-main/storage/settings/cipher.ts'

const cipher = cipherWith(Buffer.alloc(32, 1))
const plain = Buffer.from('a session key')
const refused = expect.objectContaining({ name: 'Failure', code: 'data_key_unavailable' })

describe('the seal', () => {
  it('opens what it sealed, whatever that is', () => {
    assert(
      property(uint8Array({ maxLength: 300 }), string(), (content, context) => {
        const opened = cipher.decrypt(cipher.encrypt(content, context), context)
        expect(Buffer.from(opened).equals(content)).toBe(true)
      }),
    )
  })

  it('never seals the same twice alike, nor shows it', () => {
    const [one, other] = [cipher.encrypt(plain, 'x'), cipher.encrypt(plain, 'x')]
    expect(Buffer.from(one).equals(other)).toBe(false)
    expect(Buffer.from(one).includes(plain)).toBe(false)
  })

  it('does not open with another key or in another context', () => {
    const sealed = cipher.encrypt(plain, 'device 1')
    expect(() => cipherWith(Buffer.alloc(32, 2)).decrypt(sealed, 'device 1')).toThrow(refused)
    expect(() => cipher.decrypt(sealed, 'device 2')).toThrow(refused)
  })

  it('does not open what was changed anywhere, or cut short', () => {
    const sealed = Buffer.from(cipher.encrypt(plain, 'x'))
    for (let place = 0; place < sealed.length; place++) {
      const changed = Buffer.from(sealed)
      changed[place] = (changed[place] ?? 0) ^ 1
      expect(() => cipher.decrypt(changed, 'x'), `byte ${place}`).toThrow(refused)
      expect(() => cipher.decrypt(sealed.subarray(0, place), 'x')).toThrow(refused)
    }
  })

  it('takes keys of 32 bytes only', () => {
    expect(() => cipherWith(Buffer.alloc(16))).toThrow('32 bytes')
  })
})
