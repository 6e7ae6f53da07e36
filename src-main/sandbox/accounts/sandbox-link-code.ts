import { createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { aesDecryptCTR, aesEncryptCTR, Curve, derivePairingCodeKey } from '@whiskeysockets/baileys'
import type { KeyPair } from '@whiskeysockets/baileys'
import type { Companion } from './companions.ts'
import type { ClientConnection } from '../server/client-connection.ts'
import { addressOf, isNumber } from './sandbox-numbers.ts'
import { child, childBytes, errorOf, node, resultOf, seconds, server } from '../server/nodes.ts'
import type { BinaryNode } from '../server/nodes.ts'
import { accept } from './sandbox-pairing.ts'
import { ScanRefused } from './scan-refused.ts'
import type { SandboxContext } from '../sandbox-context.ts'

/** A client that shows a code of eight characters and waits for it to be typed into the phone. */
export interface CodeOffer {
  number: string
  /** Salt, initial vector and the client's ephemeral key, encrypted under the code. */
  wrapped: Buffer
  reference: Buffer
  /** What the phone has made of the code, once it was typed in. */
  primary: { ephemeral: KeyPair; companionEphemeral: Buffer } | null
  finished: (companion: Promise<Companion>) => void
}

const saltBytes = 32
const ivBytes = 16
const keyBytes = 32
const codeAlphabet = /^[1-9A-HJ-NP-TV-Z]{8}$/

/** The two questions of a client that pairs by code: its hello, and its keys after the phone has answered. */
export async function answerLinkCode(
  context: SandboxContext,
  line: ClientConnection,
  query: BinaryNode,
): Promise<BinaryNode> {
  const registration = child(query, 'link_code_companion_reg')
  const stage = registration?.attrs['stage']
  if (line.pairing === null || registration === undefined) return errorOf(query, 400, 'bad-request')
  if (stage === 'companion_hello') return hello(context, line, query, registration)
  if (stage === 'companion_finish') return finish(context, line, query, registration)
  return errorOf(query, 400, 'bad-request')
}

function hello(
  context: SandboxContext,
  line: ClientConnection,
  query: BinaryNode,
  registration: BinaryNode,
): BinaryNode {
  const number = addressOf(registration.attrs['jid'])?.number
  const wrapped = childBytes(registration, 'link_code_pairing_wrapped_companion_ephemeral_pub')
  const authKey = childBytes(registration, 'companion_server_auth_key_pub')
  const fits = wrapped.length === saltBytes + ivBytes + keyBytes && authKey.equals(line.staticKey)
  if (number === undefined || !fits) return errorOf(query, 400, 'bad-request')
  const refusal = context.faults.take(number, 'code-refused')
  if (refusal !== undefined) {
    return errorOf(query, refusal.code, refusal.code === 429 ? 'rate-overlimit' : 'bad-request')
  }
  const reference = randomBytes(32)
  line.codeOffer = { number, wrapped, reference, primary: null, finished: () => {} }
  return resultOf(query, [
    node('link_code_companion_reg', { stage: 'companion_hello' }, [
      node('link_code_pairing_ref', {}, reference),
    ]),
  ])
}

/**
 * A code is typed into the phone of `number`: the phone answers the client under that code. Resolves once
 * the client is linked. Throws ScanRefused where nobody waits with a code of that number, or it is wrong.
 */
export async function enterCode(context: SandboxContext, typed: string, number: string): Promise<Companion> {
  const code = typed.replaceAll('-', '').toUpperCase()
  if (!isNumber(number) || !codeAlphabet.test(code))
    throw new ScanRefused('code_invalid', 'That is no code of eight characters.')
  const line = context.lines.all().find((one) => one.codeOffer?.number === number)
  const offer = line?.codeOffer
  if (line === undefined || !offer)
    throw new ScanRefused('code_unknown', 'Nobody waits for a code of that number.')
  const phone = await context.contacts.endpoint(number, 0)
  if (phone === null) throw new ScanRefused('not_on_whatsapp', `${number} is not on the practice WhatsApp.`)
  const companionEphemeral = await unwrap(offer.wrapped, code)
  const ephemeral = Curve.generateKeyPair()
  offer.primary = { ephemeral, companionEphemeral }
  const finished = new Promise<Companion>((resolve) => (offer.finished = resolve))
  line.send(
    node(
      'notification',
      { from: server, type: 'link_code_companion_reg', id: line.newId(), t: seconds(context.now()) },
      [
        node('link_code_companion_reg', { stage: 'primary_hello' }, [
          node('link_code_pairing_ref', {}, offer.reference),
          node('primary_identity_pub', {}, phone.identity.public),
          node('link_code_pairing_wrapped_primary_ephemeral_pub', {}, await wrap(ephemeral.public, code)),
        ]),
      ],
    ),
  )
  return finished
}

async function unwrap(wrapped: Buffer, code: string): Promise<Buffer> {
  const salt = wrapped.subarray(0, saltBytes)
  const iv = wrapped.subarray(saltBytes, saltBytes + ivBytes)
  return aesDecryptCTR(wrapped.subarray(saltBytes + ivBytes), await derivePairingCodeKey(code, salt), iv)
}

async function wrap(key: Uint8Array, code: string): Promise<Buffer> {
  const salt = randomBytes(saltBytes)
  const iv = randomBytes(ivBytes)
  const encrypted = aesEncryptCTR(key, await derivePairingCodeKey(code, salt), iv)
  return Buffer.concat([salt, iv, encrypted])
}

/**
 * The client's key bundle: its identity, the phone's and 32 random bytes, encrypted under the secret of the
 * two ephemeral keys. It opens only where both used the same code.
 */
async function finish(
  context: SandboxContext,
  line: ClientConnection,
  query: BinaryNode,
  registration: BinaryNode,
): Promise<BinaryNode> {
  const offer = line.codeOffer
  if (!offer?.primary || !childBytes(registration, 'link_code_pairing_ref').equals(offer.reference)) {
    return errorOf(query, 400, 'bad-request')
  }
  const phone = await context.contacts.endpoint(offer.number, 0)
  const { ephemeral, companionEphemeral } = offer.primary
  const shared = Curve.sharedKey(ephemeral.private, companionEphemeral)
  const bundle = openBundle(childBytes(registration, 'link_code_pairing_wrapped_key_bundle'), shared)
  const identity = childBytes(registration, 'companion_identity_public')
  const known = line.pairing?.applicant.identity
  if (phone === null || bundle === null || !known?.equals(identity) || !bundle.companion.equals(identity)) {
    context.reports.add(
      'pairing_invalid',
      offer.number,
      'the key bundle does not open: another code was typed in',
    )
    line.codeOffer = null
    offer.finished(Promise.reject(new ScanRefused('code_wrong', 'The code is wrong.')))
    return errorOf(query, 401, 'not-authorized')
  }
  const identityShared = Curve.sharedKey(phone.identity.private, identity)
  const secret = Buffer.concat([shared, identityShared, bundle.random])
  const advSecret = Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), 'adv_secret', 32))
  line.codeOffer = null
  setImmediate(() => offer.finished(accept(context, line, offer.number, advSecret)))
  return resultOf(query)
}

function openBundle(sealed: Buffer, shared: Buffer): { companion: Buffer; random: Buffer } | null {
  const salt = sealed.subarray(0, 32)
  const iv = sealed.subarray(32, 44)
  const key = Buffer.from(hkdfSync('sha256', shared, salt, 'link_code_pairing_key_bundle_encryption_key', 32))
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: 16 })
    decipher.setAuthTag(sealed.subarray(-16))
    const plain = Buffer.concat([decipher.update(sealed.subarray(44, -16)), decipher.final()])
    return { companion: plain.subarray(0, 32), random: plain.subarray(64, 96) }
  } catch {
    return null
  }
}
