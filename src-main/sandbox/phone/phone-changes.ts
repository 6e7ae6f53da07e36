import type { SandboxContext } from '../sandbox-context.ts'
import { actionValue, addPatch, saltValue } from './phone-app-state.ts'
import { timersSetAtSeconds } from './phone-history.ts'
import { saltIndex } from './linked-device.ts'
import { collectionOf } from './phone-state.ts'
import type { KnownContact, PhoneState, SaltPlaces } from './phone-state.ts'
import { notifyAppState } from '../notices.ts'

/** What the phone of an account will tell devices that are linked to it. */
export interface PreparedPhone {
  /** Where the salt for tokens to strangers is told: in both places unless said otherwise. */
  saltPlaces?: SaltPlaces
  /** The chats that it has; times in seconds. */
  contacts?: (Pick<KnownContact, 'number'> & Partial<KnownContact>)[]
  /** The largest part of its history has at least so many bytes when inflated; 0 unless said otherwise. */
  historyBytes?: number
}

/** Resolves once it is kept. A contact with `tokenAt` has given the account a token then. */
export async function preparePhone(
  context: SandboxContext,
  number: string,
  prepared: PreparedPhone,
): Promise<void> {
  await context.phones.change(number, (state) => {
    const { contacts, ...rest } = prepared
    Object.assign(state, rest)
    if (contacts !== undefined) state.contacts = contacts.map(wholeContact)
  })
  for (const { number: contact, expirationSeconds = 0 } of prepared.contacts ?? []) {
    const timer = { seconds: expirationSeconds, setAtSeconds: timersSetAtSeconds }
    if (expirationSeconds > 0) await context.timers.set(number, contact, timer)
  }
  const tokens = (prepared.contacts ?? []).flatMap(({ number: contact, tokenAt }) =>
    tokenAt === undefined || tokenAt === null ? [] : [{ contact, givenAt: tokenAt }],
  )
  await context.database.write(() => {
    for (const { contact, givenAt } of tokens) {
      context.phoneTable.saveToken(number, { contact, token: Buffer.from(`token of ${contact}`), givenAt })
    }
  })
}

function wholeContact(contact: Pick<KnownContact, 'number'> & Partial<KnownContact>): KnownContact {
  return { tokenAt: null, issuedAt: null, expirationSeconds: 0, ...contact }
}

/** Puts another salt in force, or none, and tells the account's devices of two collections that changed. */
export async function changeSalt(
  context: SandboxContext,
  number: string,
  salt: Buffer | null,
): Promise<void> {
  await context.phones.change(number, (state) => {
    state.salt = salt === null ? null : salt.toString('base64')
    const now = context.now()
    const value = salt === null ? actionValue({}, now) : saltValue(salt, now)
    const operation = salt === null ? 'REMOVE' : 'SET'
    addPatch(collectionOf(state, 'regular_high'), 'regular_high', state.key, [
      { operation, index: saltIndex, value },
    ])
    addArchive(state, now)
  })
  for (const companion of context.companions.of(number)) {
    notifyAppState(context, companion, ['regular_low', 'regular_high'])
  }
}

/** A change beside it, so that the news are of two collections. */
function addArchive(state: PhoneState, now: number): void {
  const value = actionValue({ archiveChatAction: { archived: true } }, now)
  const index = ['archive', '120363000000000009@g.us']
  addPatch(collectionOf(state, 'regular_low'), 'regular_low', state.key, [{ operation: 'SET', index, value }])
}
