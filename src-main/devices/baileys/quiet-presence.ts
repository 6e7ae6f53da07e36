import type { AuthenticationCreds, BaileysEventMap, WASocket } from '@whiskeysockets/baileys'

/**
 * Keeps the account from being shown as online. Baileys sends `<presence name>` for every update of its credentials
 * whose name differs from the one it has (socket.js), which an update without a name does: pre-keys, counters, sync
 * keys. Without a type that means available: contacts see "online", and the phone stops notifying of new messages
 * (WhiskeySockets/Baileys#2553, rmyndharis/OpenWA#1175).
 *
 * Here each update tells who the account is, so that Baileys finds nothing new; and a name that is really new is
 * announced as unavailable: contacts see a name only after some presence has told it (whatsmeow's SendPresence).
 *
 * To be called before others listen for `creds.update`.
 */
export function stayUnavailable(socket: WASocket, isOpen: () => boolean): void {
  const { ev, authState } = socket
  const { creds } = authState
  const emit = ev.emit.bind(ev)
  ev.emit = <T extends keyof BaileysEventMap>(event: T, data: BaileysEventMap[T]): boolean => {
    if (event !== 'creds.update') return emit(event, data)
    const update = data as Partial<AuthenticationCreds>
    const before = creds.me
    const me = update.me ?? before
    if (me === undefined) return emit('creds.update', update)
    creds.me = { ...before, ...me }
    const heard = emit('creds.update', { ...update, me: creds.me })
    if (creds.me.name !== before?.name && isOpen()) sendUnavailable(socket)
    return heard
  }
}

/** Says that nobody looks at this companion; nothing while the account's name is not known. */
function sendUnavailable(socket: WASocket): void {
  socket.sendPresenceUpdate('unavailable').catch(() => {
    // The line is gone, which its own end tells.
  })
}
