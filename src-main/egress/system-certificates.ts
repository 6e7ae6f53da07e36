import tls from 'node:tls'
import { Worker } from 'node:worker_threads'
import { sentenceOf } from '../lib/failure.ts'
import type { Logger } from '../lib/logging/logger.ts'

/** A store that hangs, such as a keychain that asks somebody, is not waited for longer. */
const storeTimeoutMs = 5_000

/**
 * Reads the store in a thread: it takes a tenth to a third of a second (150 certificates on Linux), and macOS may ask its
 * user meanwhile. Only what Node does not bring itself is told; the two are written with lines of different lengths.
 *
 * @see https://nodejs.org/api/tls.html#tlsgetcacertificatestype (Node 22.15 and 24)
 */
const source = `
  const tls = require('node:tls')
  const { parentPort } = require('node:worker_threads')
  const bare = (pem) => pem.replace(/\\s/g, '')
  const known = new Set(tls.getCACertificates('bundled').map(bare))
  const found = new Map(tls.getCACertificates('system').map((pem) => [bare(pem), pem]))
  parentPort.postMessage(Array.from(found).filter(([key]) => !known.has(key)).map(([, pem]) => pem))
`

let trusting: Promise<readonly string[]> | null = null

/**
 * Has this program trust what the PC trusts, besides what Node brings: an antivirus program or a company's proxy that
 * opens secure connections has put its certificate there. Takes effect for every connection that names no certificates of
 * its own. Done once, however often it is called, and never throws: where the store cannot be read, Node's own
 * certificates serve.
 *
 * `tls.setDefaultCACertificates` came with Node 22.19 and 24.5; Electron 45 has Node 24.18.
 *
 * @returns the certificates that were added, PEM
 */
export function trustSystemCertificates(log: Logger): Promise<readonly string[]> {
  return (trusting ??= trust(log))
}

async function trust(log: Logger): Promise<readonly string[]> {
  const begun = performance.now()
  try {
    if (typeof tls.setDefaultCACertificates !== 'function') return []
    const added = await readStore()
    if (added.length > 0) tls.setDefaultCACertificates([...tls.getCACertificates('default'), ...added])
    const tookMs = Math.round(performance.now() - begun)
    log.info({ added: added.length, tookMs }, 'loaded the certificates of this PC')
    return added
  } catch (error) {
    log.warn({ reason: sentenceOf(error) }, 'could not read the certificates of this PC')
    return []
  }
}

function readStore(): Promise<string[]> {
  const { promise, resolve, reject } = Promise.withResolvers<string[]>()
  const worker = new Worker(source, { eval: true })
  const timer = setTimeout(() => reject(new Error('the store did not answer in time')), storeTimeoutMs)
  worker.once('message', resolve)
  worker.once('error', reject)
  worker.once('exit', () => reject(new Error('the thread that reads the store ended')))
  return promise.finally(() => {
    clearTimeout(timer)
    void worker.terminate()
  })
}
