import { assert, property, string, uint8Array } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sealWith } from '../../src-main/storage/seal.ts'

const seal = sealWith(Buffer.alloc(32, 1))
const plain = Buffer.from('a session key')
const refused = expect.objectContaining({ name: 'Failure', code: 'data_key_unavailable' })

describe('the seal', () => {
  it('opens what it sealed, whatever that is', () => {
    assert(
      property(uint8Array({ maxLength: 300 }), string(), (content, context) => {
        const opened = seal.open(seal.seal(content, context), context)
        expect(Buffer.from(opened).equals(content)).toBe(true)
      }),
    )
  })

  it('never seals the same twice alike, nor shows it', () => {
    const [one, other] = [seal.seal(plain, 'x'), seal.seal(plain, 'x')]
    expect(Buffer.from(one).equals(other)).toBe(false)
    expect(Buffer.from(one).includes(plain)).toBe(false)
  })

  it('does not open with another key or in another context', () => {
    const sealed = seal.seal(plain, 'device 1')
    expect(() => sealWith(Buffer.alloc(32, 2)).open(sealed, 'device 1')).toThrow(refused)
    expect(() => seal.open(sealed, 'device 2')).toThrow(refused)
  })

  it('does not open what was changed anywhere, or cut short', () => {
    const sealed = Buffer.from(seal.seal(plain, 'x'))
    for (let place = 0; place < sealed.length; place++) {
      const changed = Buffer.from(sealed)
      changed[place] = (changed[place] ?? 0) ^ 1
      expect(() => seal.open(changed, 'x'), `byte ${place}`).toThrow(refused)
      expect(() => seal.open(sealed.subarray(0, place), 'x')).toThrow(refused)
    }
  })

  it('takes keys of 32 bytes only', () => {
    expect(() => sealWith(Buffer.alloc(16))).toThrow('32 bytes')
  })
})
