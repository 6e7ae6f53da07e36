import { proto } from '@whiskeysockets/baileys'
import { randomBytes } from 'node:crypto'
import type { Companion } from '../accounts/companions.ts'
import type { SandboxContext } from '../sandbox-context.ts'
import { actionValue, addPatch, saltValue } from './phone-app-state.ts'
import { storeEncrypted } from './encrypted-file.ts'
import { historyOf } from './phone-history.ts'
import type { HistoryPart } from './phone-history.ts'
import { notifyDevice } from './peer-messages.ts'
import { collectionOf } from './phone-state.ts'
import type { PhoneState } from './phone-state.ts'

const kinds = proto.Message.ProtocolMessage.Type

/** The index of the salt in `regular_high` (tulir/whatsmeow appstate/keys.go). */
export const saltIndex = ['nct_salt_sync']

/**
 * What a phone does once a device is linked to it: it shares the key of its app state, and uploads its history, whose
 * first part is small enough to come with the message itself. It does so once in the device's life.
 */
export async function welcome(context: SandboxContext, companion: Companion): Promise<void> {
  if (!context.sharesHistory) return
  const { number } = companion
  await prepareAppState(context, number)
  const state = context.phones.of(number)
  await notifyDevice(context, companion, 'peer_msg', {
    type: kinds.APP_STATE_SYNC_KEY_SHARE,
    appStateSyncKeyShare: {
      keys: [
        {
          keyId: { keyId: Buffer.from(state.key.id, 'base64') },
          keyData: {
            keyData: Buffer.from(state.key.data, 'base64'),
            fingerprint: { rawId: 1, currentIndex: 0, deviceIndexes: [0, companion.device] },
            timestamp: context.now(),
          },
        },
      ],
    },
  })
  for (const [index, part] of historyFor(context, number, state).entries()) {
    const historySyncNotification = await notificationOf(context, part, index)
    await notifyDevice(context, companion, 'hist_sync', {
      type: kinds.HISTORY_SYNC_NOTIFICATION,
      historySyncNotification,
    })
  }
}

/** A phone that is new here has its name among its settings, and its salt where it is told there. */
async function prepareAppState(context: SandboxContext, number: string): Promise<void> {
  await context.phones.change(number, (state) => {
    const now = context.now()
    const block = collectionOf(state, 'critical_block')
    if (block.version === 0) {
      const value = actionValue({ pushNameSetting: { name: `Practice ${number}` } }, now)
      addPatch(block, 'critical_block', state.key, [{ operation: 'SET', index: ['setting_pushName'], value }])
    }
    const high = collectionOf(state, 'regular_high')
    if (high.version > 0) return
    const mute = actionValue({ muteAction: { muted: true, muteEndTimestamp: -1 } }, now)
    const index = ['mute', '120363000000000009@g.us']
    addPatch(high, 'regular_high', state.key, [{ operation: 'SET', index, value: mute }])
    const { salt, saltPlaces } = state
    if (salt === null || (saltPlaces !== 'both' && saltPlaces !== 'app-state')) return
    const value = saltValue(Buffer.from(salt, 'base64'), now)
    addPatch(high, 'regular_high', state.key, [{ operation: 'SET', index: saltIndex, value }])
  })
}

function historyFor(context: SandboxContext, number: string, state: PhoneState): HistoryPart[] {
  const { contacts, salt, saltPlaces, historyBytes } = state
  const isInHistory = saltPlaces === 'both' || saltPlaces === 'history'
  return historyOf({
    lidMigrated: context.accounts.of(number).lidMigrated,
    contacts: contacts.map((contact) => ({
      ...contact,
      token: context.phoneTable.token(number, contact.number)?.token ?? null,
    })),
    salt: salt !== null && isInHistory ? Buffer.from(salt, 'base64') : null,
    historyBytes,
  })
}

async function notificationOf(
  context: SandboxContext,
  { type, content }: HistoryPart,
  chunkOrder: number,
): Promise<proto.Message.IHistorySyncNotification> {
  const about = { syncType: type as number, chunkOrder, progress: 100 }
  if (type === proto.HistorySync.HistorySyncType.INITIAL_BOOTSTRAP) {
    return { ...about, initialHistBootstrapInlinePayload: content }
  }
  const file = await storeEncrypted(context.blobs, content, 'History')
  return { ...about, ...file, encHandle: randomBytes(16).toString('base64url') }
}
