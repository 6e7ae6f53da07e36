import { userOf } from '../connection/device-receipts.ts'
import type { SessionKeys } from '../session-keys/session-key-store.ts'

/**
 * A person's other name as far as it has been learned, without asking WhatsApp: the LID of a phone number or the
 * reverse, as JIDs. Baileys keeps both directions as `lid-mapping` records (Signal/lid-mapping.js).
 */
export function otherFormIn(keys: SessionKeys): (jid: string) => string | null {
  return (jid) => {
    const user = userOf(jid)
    const isLid = jid.endsWith('@lid')
    if (!isLid && !jid.endsWith('@s.whatsapp.net')) return null
    const id = isLid ? `${user}_reverse` : user
    const other = keys.get('lid-mapping', [id])[id]
    return other === undefined ? null : `${other}@${isLid ? 's.whatsapp.net' : 'lid'}`
  }
}
