import { createHash } from 'node:crypto'
import type { Companion, PreKey } from './companions.ts'
import type { Bundle } from '../chats/signal-endpoint.ts'
import { addressOf } from './sandbox-numbers.ts'
import { bigEndian, child, childBytes, children, errorOf, node, resultOf, seconds } from '../server/nodes.ts'
import type { BinaryNode } from '../server/nodes.ts'
import { isSignedBy } from './sandbox-pairing.ts'
import type { SandboxContext } from '../sandbox-context.ts'

/** The `encrypt` queries: a companion's own keys on the server, and the keys of those it writes to; null: no answer. */
export async function answerKeyQuery(
  context: SandboxContext,
  companion: Companion,
  query: BinaryNode,
): Promise<BinaryNode | null> {
  if (child(query, 'count') !== undefined) {
    return resultOf(query, [node('count', { value: String(companion.preKeyCount) })])
  }
  if (child(query, 'digest') !== undefined) return resultOf(query, [digest(companion)])
  if (child(query, 'key') !== undefined) {
    if (context.faults.take(companion.number, 'key-query-silence') !== undefined) return null
    return bundles(context, companion, query)
  }
  if (child(query, 'rotate') !== undefined) return rotate(context, companion, query)
  if (child(query, 'list') !== undefined) return upload(context, companion, query)
  context.reports.add('query_unknown', companion.number, 'an encrypt query without a subject')
  return errorOf(query, 400, 'bad-request')
}

async function upload(context: SandboxContext, companion: Companion, query: BinaryNode): Promise<BinaryNode> {
  const keys = children(child(query, 'list'), 'key').map((key): PreKey => ({
    id: numberOf(childBytes(key, 'id')),
    public: childBytes(key, 'value'),
  }))
  const fit = childBytes(query, 'identity').equals(companion.identity) && keys.every(isPreKey)
  if (!fit || keys.length === 0) {
    context.reports.add(
      'keys_invalid',
      companion.number,
      'uploaded pre-keys of another identity, or malformed',
    )
    return errorOf(query, 406, 'not-acceptable')
  }
  if (!(await keepSigned(context, companion, child(query, 'skey'))))
    return errorOf(query, 406, 'not-acceptable')
  await context.companions.addPreKeys(companion, keys)
  return resultOf(query)
}

async function rotate(context: SandboxContext, companion: Companion, query: BinaryNode): Promise<BinaryNode> {
  const kept = await keepSigned(context, companion, child(child(query, 'rotate'), 'skey'))
  return kept ? resultOf(query) : errorOf(query, 406, 'not-acceptable')
}

async function keepSigned(
  context: SandboxContext,
  companion: Companion,
  skey: BinaryNode | undefined,
): Promise<boolean> {
  const signed = {
    id: numberOf(childBytes(skey, 'id')),
    public: childBytes(skey, 'value'),
    signature: childBytes(skey, 'signature'),
  }
  const { signedPreKey } = companion
  const same = signed.public.equals(signedPreKey.public) && signed.signature.equals(signedPreKey.signature)
  if (same && signed.id === signedPreKey.id) return true
  if (!isSignedBy(companion.identity, signed)) {
    context.reports.add('keys_invalid', companion.number, 'the signed pre-key is not signed by the identity')
    return false
  }
  await context.companions.rotate(companion, signed)
  return true
}

function digest(companion: Companion): BinaryNode {
  const { identity, signedPreKey } = companion
  const hash = createHash('sha1').update(identity).update(signedPreKey.public).digest()
  return node('digest', {}, [
    node('registration', {}, bigEndian(companion.registration, 4)),
    node('type', {}, bigEndian(5, 1)),
    node('identity', {}, identity),
    signedNode(signedPreKey),
    node('hash', {}, hash),
  ])
}

async function bundles(
  context: SandboxContext,
  companion: Companion,
  query: BinaryNode,
): Promise<BinaryNode> {
  const asked = children(child(query, 'key'), 'user')
  const numbers = asked.flatMap(({ attrs }) => addressOf(attrs['jid'])?.number ?? [])
  if (context.faults.takeFor(companion.number, 'key-query-refused', numbers)) {
    return errorOf(query, 406, 'not-acceptable')
  }
  const users = await Promise.all(asked.map((user) => userNode(context, companion, user.attrs['jid'])))
  return resultOf(query, [node('list', {}, users)])
}

async function userNode(
  context: SandboxContext,
  companion: Companion,
  jid: string | undefined,
): Promise<BinaryNode> {
  const number = addressOf(jid)?.number
  if (number !== undefined && context.faults.takeFor(companion.number, 'keys-refused', [number])) {
    return node('user', { jid }, [node('error', { code: '406', text: 'not-acceptable' })])
  }
  const bundle = await bundleOf(context, jid)
  if (bundle === null) {
    return node('user', { jid }, [node('error', { code: '404', text: 'item-not-found' })])
  }
  return node('user', { jid, t: seconds(context.now()) }, bundleNodes(bundle))
}

/** The keys of a practice device, or of another companion; null where there is no such device. */
async function bundleOf(context: SandboxContext, jid: string | undefined): Promise<Bundle | null> {
  const address = addressOf(jid)
  if (address === null || !context.contacts.exists(address.number)) return null
  const companion = context.companions.get(address.number, address.device)
  if (companion !== undefined) {
    const { registration, identity, signedPreKey } = companion
    return { registration, identity, signedPreKey, preKey: await context.companions.takePreKey(companion) }
  }
  const endpoint = await context.contacts.endpoint(address.number, address.device)
  return endpoint === null ? null : context.contacts.bundle(endpoint)
}

/** A bundle as WhatsApp writes it: in answers to key queries, and in retry receipts. */
export function bundleNodes(bundle: Bundle): BinaryNode[] {
  const nodes = [
    node('registration', {}, bigEndian(bundle.registration, 4)),
    node('type', {}, bigEndian(5, 1)),
    node('identity', {}, bundle.identity),
    signedNode(bundle.signedPreKey),
  ]
  if (bundle.preKey !== null) {
    const { id, public: value } = bundle.preKey
    nodes.push(node('key', {}, [node('id', {}, bigEndian(id, 3)), node('value', {}, value)]))
  }
  return nodes
}

function signedNode(key: { id: number; public: Buffer; signature: Buffer }): BinaryNode {
  return node('skey', {}, [
    node('id', {}, bigEndian(key.id, 3)),
    node('value', {}, key.public),
    node('signature', {}, key.signature),
  ])
}

function isPreKey(key: PreKey): boolean {
  return key.id > 0 && key.public.length === 32
}

function numberOf(bytes: Buffer): number {
  return bytes.length === 0 ? 0 : bytes.readUIntBE(0, Math.min(bytes.length, 6))
}
