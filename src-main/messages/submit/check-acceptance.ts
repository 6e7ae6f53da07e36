import type { Device } from '../../devices/device.ts'
import type { StorageHealth } from '../../storage/database/database.ts'
import { assertNever, Failure } from '../../lib/failure.ts'
import type { SendLimit } from '../queue/send-limits.ts'
import type { FailureInfo } from '../log/failure-messages.ts'
import * as failures from '../log/failure-messages.ts'
import type { Availability } from '../queue/availability.ts'

/** What decides whether a call is accepted at all. */
export interface AcceptanceInput {
  stopping: boolean
  health: StorageHealth
  device: Device | undefined
  availability: Availability
  paused: boolean
  /** The caller asked to wait. */
  queue: boolean
  /** Messages of that device that wait, those of this call, and how many may. */
  depth: number
  more: number
  maxQueued: number
  /** Why its key, or all keys together, may have no more waiting. */
  overQuota: FailureInfo | null
  /** Why the disk takes nothing more in. */
  diskLow: FailureInfo | null
}

/** What is to happen to a call: refused whole, or accepted, at once or to wait for a reason. */
export type AcceptanceResult = { refused: FailureInfo } | { refused: null; waits: FailureInfo | null }

/** Whether a new call is accepted. Whatever refuses it leaves nothing behind. */
export function checkAcceptance(now: AcceptanceInput): AcceptanceResult {
  const refused = unusable(now)
  if (refused !== null) return { refused }
  const withProblem = (reason: FailureInfo): FailureInfo => failures.withNetworkProblem(reason, now.device)
  const away = now.availability === 'offline' ? withProblem(failures.waitsForDevice) : null
  const waits = now.paused ? failures.paused : away
  if (waits === null || now.queue) return { refused: null, waits }
  return { refused: now.paused ? failures.paused : withProblem(failures.disconnected) }
}

function unusable(now: AcceptanceInput): FailureInfo | null {
  if (now.stopping) return { code: 'shutting_down', reason: 'Kurir is stopping; nothing new is accepted.' }
  if (now.health !== 'ok') return unwritable(now.health)
  if (now.diskLow !== null) return now.diskLow
  if (now.device === undefined) return { code: 'device_not_found', reason: 'There is no such device.' }
  if (!now.device.paired) return now.queue ? failures.notPaired : failures.disconnectedUnpaired
  if (now.depth + now.more > now.maxQueued) {
    return {
      code: 'queue_full',
      reason: `${now.depth} messages of this device wait already; at most ${now.maxQueued} may (setting api.maxQueued).`,
    }
  }
  return now.overQuota
}

function unwritable(health: Exclude<StorageHealth, 'ok'>): FailureInfo {
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
  sendLimit: SendLimit | null
}): FailureInfo | null {
  if (recipient.timeLock !== null && recipient.newContact) {
    return failures.timeLocked(recipient.timeLock.until)
  }
  if (recipient.newChatQuota?.usedUp === true && recipient.newContact) {
    return failures.newChatQuotaUsed(recipient.newChatQuota.until)
  }
  if (recipient.sendLimit === null || recipient.sendLimit.reached === null) return null
  return failures.sendLimitReached(recipient.sendLimit)
}

export function failureOf({ code, reason, until }: FailureInfo): Failure {
  return new Failure(code, reason, until === undefined ? {} : { until })
}
