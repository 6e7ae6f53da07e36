import { assert, dictionary, property, string, stringMatching } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readForm } from '../../src-main/api/reading/form.ts'

const known = new Set(['api_key', 'sender', 'number', 'message', 'footer'])
const read = (text: string) => Object.fromEntries(readForm(text, known))

describe('a form', () => {
  it('reads names and values', () => {
    expect(read('sender=62811&message=Halo%20dunia&number=62%2B')).toEqual({
      sender: '62811',
      message: 'Halo dunia',
      number: '62+',
    })
  })

  it('takes + for a space', () => {
    expect(read('message=Halo+dunia').message).toBe('Halo dunia')
  })

  it.each([
    ['100%', '100%'],
    ['100% off', '100% off'],
    ['5%20%', '5 %'],
    ['%zz%41', '%zzA'],
    ['%E2%82%AC', '€'],
    ['%E2%82', '%E2%82'],
    ['%C0%80', '%C0%80'],
    ['%ED%A0%80', '%ED%A0%80'],
    ['%F0%9F%98%80%', '😀%'],
    ['%', '%'],
  ])('leaves a bad %% as it is: %s', (written, read_) => {
    expect(read(`message=${written}`).message).toBe(read_)
  })

  it('lets the last of several equal names count', () => {
    expect(read('message=a&message=b').message).toBe('b')
  })

  it('keeps what is behind a second =', () => {
    expect(read('message=a=b==').message).toBe('a=b==')
  })

  it('reads a raw string whose message nobody encoded', () => {
    const raw =
      'api_key=K&sender=62811&number=62812&message=Tom & Jerry: total = Rp 5.000, 10% off\nTerima kasih&footer=Toko'
    expect(read(raw)).toEqual({
      api_key: 'K',
      sender: '62811',
      number: '62812',
      message: 'Tom & Jerry: total = Rp 5.000, 10% off\nTerima kasih',
      footer: 'Toko',
    })
  })

  it('keeps names that it does not know out of a raw message', () => {
    expect(read('message=Halo Budi & Ani&is_test=1')).toEqual({ message: 'Halo Budi & Ani', is_test: '1' })
  })

  it('keeps & a separator in what is encoded', () => {
    expect(read('message=Halo&utm=1&b')).toEqual({ message: 'Halo', utm: '1', b: '' })
  })

  it('reads a whole URL as names and values, whatever they are', () => {
    const read_ = read('http://localhost:3210/send-message?api_key=K&sender=62811&message=Halo')
    expect(read_).toMatchObject({ sender: '62811', message: 'Halo' })
  })

  it('never throws, and reads back whatever URLSearchParams writes', () => {
    assert(
      property(string({ unit: 'binary' }), (text) => {
        readForm(text, known)
        readForm(text)
      }),
    )
    assert(
      property(dictionary(stringMatching(/^[a-z_]{1,9}$/), string({ unit: 'grapheme' })), (values) => {
        const written = new URLSearchParams(values).toString()
        expect(Object.fromEntries(readForm(written, known))).toEqual({ ...values })
      }),
    )
  })
})
