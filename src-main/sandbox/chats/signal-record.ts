import * as libsignal from 'libsignal'

/** libsignal's session as far as it is touched here; its own types leave it out. */
interface Session {
  indexInfo: { closed: number; used?: number; baseKey: Buffer; remoteIdentityKey: Buffer }
}

/** What libsignal's SessionRecord has beyond its own declarations. */
interface RecordInside {
  sessions: Record<string, Session>
  getSessions(): Session[]
  serialize(): object
  getOpenSession(): Session | undefined
}

/** libsignal's cipher with the method that decrypts within one given session. */
export interface CipherInside {
  doDecryptWhisperMessage(message: Buffer, session: Session): Promise<Buffer>
  decryptPreKeyWhisperMessage(message: Buffer): Promise<Buffer>
  encrypt(plain: Buffer): Promise<{ type: number; body: Buffer }>
}

const closedSessionsKept = 10

const Base = libsignal.SessionRecord as unknown as {
  new (): RecordInside
  deserialize(data: object): RecordInside
}

/**
 * A session record that closes and forgets old sessions in silence: libsignal's own prints whole sessions,
 * private keys included, to the console when it does.
 */
export class SessionRecord extends Base {
  /** While a pre-key message is read: a new session of the other side takes the place of the open one. */
  replacing = false

  override getOpenSession(): Session | undefined {
    const open = Object.values(this.sessions).find((session) => session.indexInfo.closed === -1)
    if (!this.replacing || open === undefined) return open
    open.indexInfo.closed = Date.now()
    return undefined
  }

  removeOldSessions(): void {
    const closed = Object.entries(this.sessions).filter(([, session]) => session.indexInfo.closed !== -1)
    closed.sort(([, one], [, other]) => other.indexInfo.closed - one.indexInfo.closed)
    for (const [key] of closed.slice(closedSessionsKept)) delete this.sessions[key]
  }

  toText(): string {
    return JSON.stringify(this.serialize())
  }

  static fromText(text: string): SessionRecord {
    return SessionRecord.deserialize(JSON.parse(text) as object) as SessionRecord
  }
}

/** Whether a message could not be read because one of its number in the chain was read before. */
export function isReadBefore(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return error.name === 'MessageCounterError' || error.message.startsWith('Received message with old counter')
}

/** Decrypts an ordinary message with whichever of the record's sessions it belongs to, the latest first. */
export async function decryptWithin(
  cipher: CipherInside,
  record: SessionRecord,
  message: Buffer,
): Promise<Buffer> {
  let reason: unknown = new Error('there is no session')
  for (const session of record.getSessions()) {
    try {
      const plain = await cipher.doDecryptWhisperMessage(message, session)
      session.indexInfo.used = Date.now()
      return plain
    } catch (error) {
      reason ??= error
      if (record.getSessions().length === 1) throw error
    }
  }
  throw reason
}
