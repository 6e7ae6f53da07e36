import type { Device } from '../devices/device.ts'
import type { StorageHealth } from '../storage/database.ts'
import { assertNever, Failure } from '../failure.ts'
import type { Ceiling } from './pace.ts'
import type { Reason } from './sentences.ts'
import * as sentences from './sentences.ts'
import type { Standing } from './standing.ts'

/** What decides whether a call is accepted at all. */
export interface Circumstances {
  stopping: boolean
  health: StorageHealth
  device: Device | undefined
  standing: Standing
  paused: boolean
  /** The caller asked to wait. */
  queue: boolean
  /** Messages of that device that wait, those of this call, and how many may. */
  depth: number
  more: number
  mostQueued: number
  /** Why its key, or all keys together, may have no more waiting. */
  overQuota: Reason | null
  /** Why the disk takes nothing more in. */
  diskLow: Reason | null
}

/** What is to happen to a call: refused whole, or accepted, at once or to wait for a reason. */
export type Admission = { refused: Reason } | { refused: null; waits: Reason | null }

/** Whether a new call is accepted. Whatever refuses it leaves nothing behind. */
export function admit(now: Circumstances): Admission {
  const refused = unusable(now)
  if (refused !== null) return { refused }
  const withTrouble = (reason: Reason): Reason => sentences.withNetworkTrouble(reason, now.device)
  const away = now.standing === 'away' ? withTrouble(sentences.waitsForDevice) : null
  const waits = now.paused ? sentences.paused : away
  if (waits === null || now.queue) return { refused: null, waits }
  return { refused: now.paused ? sentences.paused : withTrouble(sentences.disconnected) }
}

function unusable(now: Circumstances): Reason | null {
  if (now.stopping) return { code: 'shutting_down', reason: 'Kurir is stopping; nothing new is accepted.' }
  if (now.health !== 'ok') return unwritable(now.health)
  if (now.diskLow !== null) return now.diskLow
  if (now.device === undefined) return { code: 'device_not_found', reason: 'There is no such device.' }
  if (!now.device.paired) return now.queue ? sentences.notPaired : sentences.disconnectedUnpaired
  if (now.depth + now.more > now.mostQueued) {
    return {
      code: 'queue_full',
      reason: `${now.depth} messages of this device wait already; at most ${now.mostQueued} may (setting api.maxQueued).`,
    }
  }
  return now.overQuota
}

function unwritable(health: Exclude<StorageHealth, 'ok'>): Reason {
  switch (health) {
    case 'full':
      return {
        code: 'storage_full',
        reason: 'The disk is full: nothing new is accepted until there is space. Free some space.',
      }
    case 'read_only':
      return {
        code: 'storage_unavailable',
        reason: 'The database cannot be written: nothing new is accepted. Check the disk of the data folder.',
      }
    case 'damaged':
      return {
        code: 'database_damaged',
        reason: 'The database is damaged: nothing new is accepted. Start Kurir again to begin a fresh one.',
      }
    default:
      return assertNever(health)
  }
}

/** What stands against one recipient: WhatsApp's bar on new contacts, its quota of them, or the device's pace. */
export function against(recipient: {
  newContact: boolean
  timeLock: Device['timeLock']
  newChatQuota: Device['newChatQuota']
  ceiling: Ceiling | null
}): Reason | null {
  if (recipient.timeLock !== null && recipient.newContact) {
    return sentences.timeLocked(recipient.timeLock.until)
  }
  if (recipient.newChatQuota?.usedUp === true && recipient.newContact) {
    return sentences.newChatQuotaUsed(recipient.newChatQuota.until)
  }
  if (recipient.ceiling === null || recipient.ceiling.reached === null) return null
  return sentences.ceilingReached(recipient.ceiling)
}

export function failureOf({ code, reason, until }: Reason): Failure {
  return new Failure(code, reason, until === undefined ? {} : { until })
}
