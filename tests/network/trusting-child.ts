import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { get } from 'node:https'
import tls from 'node:tls'
import { pino } from 'pino'
import { EgressAgent } from '../../src-main/egress/egress-agent.ts'
import { egressOf } from './egress-of.ts'
import { trustSystemCertificates } from '../../src-main/egress/system-certificates.ts'

/**
 * Asks a server for its status, by WhatsApp's kind of agent, and prints it as JSON, or the code of the error:
 *
 *   node trusting-child.ts URL [old-node]
 *
 * `old-node`: as one that cannot set its certificates.
 */
const [address = '', mode = ''] = process.argv.slice(2)
if (mode === 'old-node') Object.defineProperty(tls, 'setDefaultCACertificates', { value: undefined })

const log = pino({ level: 'silent' })
const [first, second] = await Promise.all([trustSystemCertificates(log), trustSystemCertificates(log)])
const agent = new EgressAgent({ rejectUnauthorized: true }, egressOf('none'))
const asked = get(address, { agent, signal: AbortSignal.timeout(10_000) })
const outcome = await once(asked, 'response').then(
  ([response]: IncomingMessage[]) => response?.statusCode,
  (error: NodeJS.ErrnoException) => error.code,
)
process.stdout.write(JSON.stringify({ outcome, added: first.length, once: first === second }))
process.exit(0)
