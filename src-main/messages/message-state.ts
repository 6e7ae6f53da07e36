import type { MessageState } from './message.ts'

/** In the order of a message's life; the index is what the database keeps. */
export const messageStates = [
  'queued',
  'sending',
  'sent',
  'delivered',
  'read',
  'played',
  'failed',
  'expired',
] as const satisfies readonly MessageState[]

/**
 * What may follow what. Steps may be skipped, since receipts come in any order and what was in memory only
 * is lost in a crash; nothing ever goes back. Sending ends with `failed` and `expired`, but a receipt proves
 * that a message arrived all the same, by an earlier hand-over: the row then tells the truth.
 */
const followers: Readonly<Record<MessageState, readonly MessageState[]>> = {
  queued: ['sending', 'sent', 'delivered', 'read', 'played', 'failed', 'expired'],
  sending: ['sent', 'delivered', 'read', 'played', 'failed', 'expired'],
  sent: ['delivered', 'read', 'played'],
  delivered: ['read', 'played'],
  read: ['played'],
  played: [],
  failed: ['delivered', 'read', 'played'],
  expired: ['delivered', 'read', 'played'],
}

export function mayFollow(from: MessageState, to: MessageState): boolean {
  return followers[from].includes(to)
}

/** The states that `to` may follow. */
export function predecessors(to: MessageState): MessageState[] {
  return messageStates.filter((from) => mayFollow(from, to))
}

/** Whether the outcome is known: WhatsApp has it, or it will never be sent. */
export function isDecided(state: MessageState): boolean {
  return state !== 'queued' && state !== 'sending'
}

/** Whether WhatsApp's server has it. */
export function isSent(state: MessageState): boolean {
  return isDecided(state) && state !== 'failed' && state !== 'expired'
}

export function stateNumber(state: MessageState): number {
  return messageStates.indexOf(state)
}

export function stateOfNumber(number: number): MessageState {
  const state = messageStates[number]
  if (state === undefined) throw new Error(`no message state has the number ${number}`)
  return state
}
