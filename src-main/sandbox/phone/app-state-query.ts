import { proto } from '@whiskeysockets/baileys'
import type { Companion } from '../accounts/companions.ts'
import { child, children, node, resultOf } from '../server/nodes.ts'
import type { BinaryNode } from '../server/nodes.ts'
import type { SandboxContext } from '../sandbox-context.ts'
import { collectionNames, snapshotOf } from './phone-app-state.ts'
import type { CollectionName } from './phone-app-state.ts'
import { storeEncrypted } from './encrypted-file.ts'
import { collectionOf } from './phone-state.ts'

/** A device asks for what has changed in some collections since the versions that it has. */
export async function answerAppState(
  context: SandboxContext,
  companion: Companion,
  query: BinaryNode,
): Promise<BinaryNode> {
  const asked = children(child(query, 'sync'), 'collection')
  const answers: BinaryNode[] = []
  for (const collection of asked) {
    const name = collectionNames.find((one) => one === collection.attrs['name'])
    if (name === undefined || child(collection, 'patch') !== undefined) {
      const detail = `app state: ${collection.attrs['name']} is unknown, or was to be changed by a device`
      context.reports.add('query_unknown', companion.number, detail)
      answers.push(
        node('collection', { ...collection.attrs, type: 'error' }, [node('error', { code: '400' })]),
      )
      continue
    }
    context.appStateAsked.push({ number: companion.number, name })
    answers.push(await collectionAnswer(context, companion.number, name, collection))
  }
  return resultOf(query, [node('sync', {}, answers)])
}

/** From nothing: a snapshot, as a file on the media host. Else the patches since, or an empty answer. */
async function collectionAnswer(
  context: SandboxContext,
  number: string,
  name: CollectionName,
  { attrs }: BinaryNode,
): Promise<BinaryNode> {
  const state = context.phones.of(number)
  const collection = collectionOf(state, name)
  const known = Number(attrs['version'] ?? '0')
  const version = String(collection.version)
  if (known === 0 && attrs['return_snapshot'] === 'true' && collection.version > 0) {
    const snapshot = Buffer.from(snapshotOf(collection, name, state.key))
    const file = await storeEncrypted(context.blobs, snapshot, 'App State')
    const reference = proto.ExternalBlobReference.encode({ ...file, fileSizeBytes: file.fileLength }).finish()
    return node('collection', { name, version }, [node('snapshot', {}, reference)])
  }
  const patches = collection.patches
    .slice(known)
    .map((patch) => node('patch', {}, Buffer.from(patch, 'base64')))
  return node(
    'collection',
    { name, version },
    patches.length === 0 ? undefined : [node('patches', {}, patches)],
  )
}
