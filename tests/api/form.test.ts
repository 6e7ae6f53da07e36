import { assert, dictionary, property, string, stringMatching } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readForm } from '../../src-main/api/body/form-body.ts'

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
    ['%F0%9F%98%80%', '😀%'],
    ['%', '%'],
  ])('leaves a %% that begins no escape as it is: %s', (written, read_) => {
    expect(read(`message=${written}`).message).toBe(read_)
  })

  it.each([
    ['Caf%E9', 'Café'],
    ['Caf%C3%A9', 'Café'],
    ['%80 5', '€ 5'],
    ['%u20AC 5 %uD83D%uDE00', '€ 5 😀'],
    ['%u00e9%C3%A9%', 'éé%'],
    ['%C3%A9%C3%A9%E9', 'éé'],
    ['%E2%82', 'â‚'],
  ])('reads the bytes of escapes as the text that they are: %s', (written, read_) => {
    expect(read(`message=${written}`).message).toBe(read_)
  })

  it('reads escapes of a charset that is declared', () => {
    const pairs = readForm('message=%EF%F0%E8%E2%E5%F2', known, 'windows-1251')
    expect(pairs).toEqual([['message', 'привет']])
  })

  it.each([
    ['message=Tom%20&%20Jerry', 'Tom & Jerry'],
    ['message=Tom+&+Jerry', 'Tom & Jerry'],
    ['message=R&D%20toko', 'R&D toko'],
    ['message=Beli%202%20&%20gratis=1', 'Beli 2 & gratis=1'],
    ['message=Tom & Jerry & Co', 'Tom & Jerry & Co'],
    ['message=a && b', 'a && b'],
    ['message=C++ kursus 1+1=2', 'C++ kursus 1+1=2'],
    ['message=Halo+dunia&', 'Halo dunia'],
    ['message=Halo dunia&', 'Halo dunia'],
    ['message=Halo&footer=x', 'Halo'],
    ['message=Halo&utm=1', 'Halo'],
    ['message=A&amp;footer=x', 'A'],
  ])('keeps the & and the + that a writer typed: %s', (written, message) => {
    expect(read(`sender=1&${written}`).message).toBe(message)
  })

  it('refuses more names than a call can have, in a moment', () => {
    const began = performance.now()
    expect(() => readForm('a=&'.repeat(300_000), known)).toThrow('200 fields')
    expect(() => readForm('%=%&'.repeat(250_000), known)).toThrow('200 fields')
    expect(() => readForm(`message=é ${'&%'.repeat(500_000)}`, known)).toThrow('200 fields')
    expect(readForm(`message=é ${'&%'.repeat(5_000)}`, known)).toHaveLength(1)
    expect(performance.now() - began).toBeLessThan(5_000)
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
    expect(read('message=Halo&utm=1&b=')).toEqual({ message: 'Halo', utm: '1', b: '' })
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
