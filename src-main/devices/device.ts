/** Fixed when the device is added; decides which servers its socket may ever talk to. */
export type DeviceKind = 'whatsapp' | 'sandbox' | 'custom'

/** Why a connection ended, or why none is tried. Each has its sentence in the window's dictionaries. */
export type EndReason =
  | 'restart_required' // 515, after pairing
  | 'logged_out' // 401
  | 'replaced' // 440
  | 'banned' // 403
  | 'banned_for_a_time' // 402, and the following with the code that says what for
  | 'banned_for_strangers' // 101: wrote to too many who do not have this number
  | 'banned_for_blocks' // 102: too many have blocked it
  | 'banned_for_groups' // 103: made too many groups with people who do not have this number
  | 'banned_for_same_text' // 104: the same text to too many
  | 'banned_for_broadcasts' // 106: too many broadcast lists
  | 'version_outdated' // 405
  | 'client_refused' // 409, 413, 414: WhatsApp does not take what this client says of itself
  | 'rate_limited' // 429
  | 'silence' // 408, and Kurir's own liveness check
  | 'mismatch' // 411
  | 'line_closed' // 428
  | 'bad_session' // 500
  | 'bad_frame' // the server sent bytes that cannot be decoded
  | 'bad_stanza' // handling what the server sent failed
  | 'library_failed' // an error inside Baileys, outside of any stanza
  | 'protocol_changed' // bad_frame or library_failed, five times in a row
  | 'acknowledgement_owed' // <stream:error><ack/>
  | 'stanza_refused' // <stream:error><xml-not-well-formed/>
  | 'unavailable' // 503
  | 'unreachable' // no line to the server at all
  | 'proxy_unreachable' // the proxy that is set does not answer, or is none
  | 'proxy_login_required' // 407: it wants a name and a password, or takes none that Kurir can give
  | 'proxy_refused' // it opens no connection to WhatsApp
  | 'certificate_unknown' // signed by somebody unknown: an antivirus program or a network that opens TLS
  | 'certificate_expired' // or not valid yet: as a rule the PC's clock is wrong
  | 'certificate_wrong_name' // for another name: as a rule the login page of a hotspot
  | 'pairing_expired' // nobody scanned the QR in time
  | 'pairing_refused' // the phone or WhatsApp declined
  | 'code_refused' // 400: WhatsApp gives no pairing code for that number
  | 'code_rate_limited' // 429: too many codes were asked for
  | 'passkey_required' // the account demands a passkey, which cannot be answered
  | 'wrong_phone' // scanned by another phone than the device is named after
  | 'number_taken' // that phone is another device here already
  | 'not_in_this_run' // a custom device in a run without --whatsapp-url, or a sandbox device without the sandbox
  | 'keys_unreadable' // its session keys cannot be opened with this data key
  | 'keys_not_saved' // the database did not take its session keys; nothing that needed them left
  | 'by_operator' // logged out or stopped here

/**
 * Where a device's life stands, exhaustively. Times are milliseconds since the epoch.
 *
 * unpaired → pairing → connecting → connected ⇄ waiting → connecting …, and stopped, which only the operator
 * (or, for `replaced`, the next start of the program) ends.
 */
export type DeviceState =
  | { name: 'unpaired'; reason: EndReason | null }
  | {
      name: 'pairing'
      /** What to draw, and until when it can be scanned; null until WhatsApp has given one. */
      qr: { text: string; expiresAt: number } | null
      /** Eight characters, shown as XXXX-XXXX, for pairing by code. */
      code: { text: string; expiresAt: number } | null
    }
  | { name: 'connecting'; attempt: number; reason: EndReason | null }
  | { name: 'waiting'; attempt: number; reason: EndReason; nextTryAt: number }
  | { name: 'connected'; since: number }
  | { name: 'stopped'; reason: EndReason }

export interface Device {
  readonly id: string
  readonly kind: DeviceKind
  /** What the operator calls it. */
  readonly name: string
  /** Digits with country code; before pairing the number it is expected to have, or null. */
  readonly number: string | null
  /** Whether it holds credentials of a finished pairing. */
  readonly paired: boolean
  readonly state: DeviceState
  /** When the state was last another one. */
  readonly stateSince: number
  /** When it was last connected (now, for one that is); null if never. For "a blip is waited for". */
  readonly lastConnectedAt: number | null
  /** WhatsApp's bar on new contacts, while it is active. */
  readonly timeLock: { until: number | null } | null
  /** What WhatsApp lets the account begin of new chats, where it has named a number; null where it has not. */
  readonly newChatQuota: NewChatQuota | null
  /**
   * It was linked by a version that took no tokens from the phone, so that WhatsApp refuses its first messages to contacts
   * who have not written (463): linking it again mends that.
   */
  readonly relinkAdvised: boolean
  readonly addedAt: number
  /** When it was last linked with a phone; null where that is not known, or it never was. */
  readonly pairedAt: number | null
}

/** WhatsApp's own quota of new chats. Times are milliseconds since the epoch. */
export interface NewChatQuota {
  readonly used: number | null
  readonly total: number | null
  /** When it begins anew; null where WhatsApp did not say. */
  readonly until: number | null
  /** New chats are refused until then. */
  readonly usedUp: boolean
}

/** One line of a device's history: the state that it came to. Times are milliseconds since the epoch. */
export interface DeviceEvent {
  readonly at: number
  readonly state: DeviceState['name']
  readonly reason: EndReason | null
  /** How long the state before it had lasted, in milliseconds; null for the first. */
  readonly lastedMs: number | null
  /** The number that WhatsApp or the line gave as the cause, where there was one. */
  readonly code: number | null
}
