import { AsyncLocalStorage } from 'node:async_hooks'
import type { SignalRepositoryWithLIDStore } from '@whiskeysockets/baileys'
import { boundMappings } from '../lid-mapping.ts'

/** How far Baileys has come with one message. */
export interface SendContext {
  /** Something was encrypted for it, or it needs no encryption: the next frame is the message's own. */
  isEncrypted: boolean
  /** Its frame was given to the socket: from here on it may have left. */
  mayHaveLeft: boolean
  /** The devices that something was encrypted for: in a group, the sender's key. */
  readonly reached: Set<string>
  /** In a group: the hash of its devices that the message names. */
  phash: string | null
}

export function newSendContext(): SendContext {
  return { isEncrypted: false, mayHaveLeft: false, reached: new Set(), phash: null }
}

const current = new AsyncLocalStorage<SendContext>()

/** Runs the work, noting in `sendContext` how far it comes. */
export function runInSendContext<T>(sendContext: SendContext, work: () => Promise<T>): Promise<T> {
  return current.run(sendContext, work)
}

/** The hand-over that this is part of. */
export function currentSendContext(): SendContext | undefined {
  return current.getStore()
}

/** Whether this is part of handing a message of ours over. */
export function isSending(): boolean {
  return current.getStore() !== undefined
}

/**
 * Makes a signal repository note what it encrypts, and keep the session with a phone that is still the same: whenever
 * Baileys has asked for a recipient's devices it begins another with the first of them, and the old ones stay in the
 * record. A phone that was set up anew has another registration id; and one that asks for a message again does so
 * outside of a hand-over, and gets a new session.
 */
export function noteEncryption(repository: SignalRepositoryWithLIDStore): SignalRepositoryWithLIDStore {
  boundMappings(repository)
  const injectE2ESession = repository.injectE2ESession.bind(repository)
  const encryptMessage = repository.encryptMessage.bind(repository)
  const encryptGroupMessage = repository.encryptGroupMessage.bind(repository)
  return Object.assign(repository, {
    injectE2ESession: async (options: Parameters<typeof injectE2ESession>[0]) => {
      const known = isSending() ? await repository.getSessionInfo(options.jid) : null
      if (known?.registrationId !== options.session.registrationId) await injectE2ESession(options)
    },
    encryptMessage: async (options: Parameters<typeof encryptMessage>[0]) => {
      const encrypted = await encryptMessage(options)
      note()
      current.getStore()?.reached.add(options.jid)
      return encrypted
    },
    encryptGroupMessage: async (options: Parameters<typeof encryptGroupMessage>[0]) => {
      const encrypted = await encryptGroupMessage(options)
      note()
      return encrypted
    },
  })
}

function note(): void {
  const sendContext = current.getStore()
  if (sendContext !== undefined) sendContext.isEncrypted = true
}
