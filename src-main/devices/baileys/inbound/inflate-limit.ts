import { promisify } from 'node:util'
import { inflate } from 'node:zlib'

/** A frame that inflates to more than this is refused. WhatsApp Web's own frames stay far below a megabyte. */
const maxInflatedBytes = 32 * 1024 * 1024

type Inflated = (error: Error | null, result: Buffer) => void

/**
 * Bounds what a compressed frame may become. Baileys inflates frames with `promisify(inflate)` and no limit
 * (WABinary/decode.js), so that 1.5 MB from the line become 1.5 GB in memory. `promisify` takes a function's own
 * `promisify.custom` in place of the usual wrapper: this gives `inflate` one with a limit, at which it rejects
 * with ERR_BUFFER_TOO_LARGE.
 *
 * It must be imported before Baileys is: Baileys makes its wrapper when it is loaded. Nothing else in the program
 * promisifies `inflate`; `inflate` itself is as it was.
 */
Object.defineProperty(inflate, promisify.custom, {
  configurable: true,
  value: (data: Uint8Array): Promise<Buffer> => {
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
    const done: Inflated = (error, result) => (error === null ? resolve(result) : reject(error))
    inflate(data, { maxOutputLength: maxInflatedBytes }, done)
    return promise
  },
})
