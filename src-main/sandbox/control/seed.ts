import { configureSuccessfulPairing, Curve } from '@whiskeysockets/baileys'
import type { AuthenticationCreds } from '@whiskeysockets/baileys'
import { randomInt } from 'node:crypto'
import type { Companion, PreKey } from '../accounts/companions.ts'
import {
  nextDevice,
  pairSuccess,
  sealAccount,
  shownAccount,
  signIdentity,
} from '../accounts/sandbox-pairing.ts'
import type { SandboxContext } from '../sandbox-context.ts'

/** A companion to be registered without pairing: its number, and its credentials as Baileys makes them. */
export interface Seedling {
  number: string
  creds: AuthenticationCreds
}

/** What pairing would have told the client: to be merged into its credentials. */
export type Seeded = Partial<AuthenticationCreds>

/** One-time pre-keys noted for each: enough for a client not to upload its own when it logs in. */
const preKeys = 30

/**
 * Registers companions straight away, as if each had been paired, so that hundreds of devices need not scan.
 * Answers, for each, what is to be merged into its credentials. The one-time pre-keys are made up, so
 * practice phones cannot write to such companions.
 */
export async function seed(context: SandboxContext, seedlings: readonly Seedling[]): Promise<Seeded[]> {
  const madeUp = Array.from({ length: preKeys }, (_, index): PreKey => {
    const id = 0x800000 + index
    return { id, public: Buffer.from(Curve.generateKeyPair().public) }
  })
  const seeded: Seeded[] = []
  for (const { number, creds } of seedlings) {
    const { companion, update } = await plant(context, number, creds)
    // Nobody told them of the account's salt, which comes with a real linking: they could not write to strangers.
    await context.accounts.set(number, { tokensDemanded: false })
    await context.companions.add(companion, madeUp, context.now())
    seeded.push(update)
  }
  return seeded
}

async function plant(
  context: SandboxContext,
  number: string,
  creds: AuthenticationCreds,
): Promise<{ companion: Companion; update: Seeded }> {
  const phone = await context.contacts.endpoint(number, 0)
  if (phone === null) throw new Error(`${number} is not on the practice WhatsApp.`)
  const device = nextDevice(context, number)
  const identity = Buffer.from(creds.signedIdentityKey.public)
  const account = signIdentity(phone.identity, identity, device, context.now())
  const sealed = sealAccount(account, Buffer.from(creds.advSecretKey, 'base64'))
  const traits = context.accounts.of(number)
  const linked = { number, device, identity: sealed, traits }
  const stanza = pairSuccess(`seed-${randomInt(2 ** 40)}`, linked, context.now())
  // The client's own half of the pairing, so that what is signed is what a client would sign.
  const { creds: update } = configureSuccessfulPairing(stanza, creds)
  const { signedPreKey } = creds
  const companion: Companion = {
    number,
    device,
    noiseKey: Buffer.from(creds.noiseKey.public),
    identity,
    registration: creds.registrationId,
    keyIndex: device,
    account: shownAccount(update.account ?? {}),
    signedPreKey: {
      id: signedPreKey.keyId,
      public: Buffer.from(signedPreKey.keyPair.public),
      signature: Buffer.from(signedPreKey.signature),
    },
    preKeyCount: preKeys,
  }
  return { companion, update }
}
