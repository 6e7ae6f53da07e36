import { useSyncExternalStore } from 'react'
import type { Message, MessageFilter, MessageState } from '../../../src-preload/contract.ts'
import { assertNever } from '../../assert-never.ts'
import { goTo } from '../../shell/page-route.ts'

export type TimeChoice = 'any' | 'today' | 'yesterday' | 'week' | 'month' | 'range'
export type StateGroup = 'waiting' | 'gone' | 'failed'

/** What the operator chose, in the terms of the page; kept while other pages are shown. */
export interface LogChoice {
  search: string
  deviceId: string | null
  state: MessageState | StateGroup | null
  keyName: string | null
  time: TimeChoice
  /** Days as YYYY-MM-DD, for the time `range`. */
  fromDay: string
  toDay: string
}

export const anything: LogChoice = {
  search: '',
  deviceId: null,
  state: null,
  keyName: null,
  time: 'any',
  fromDay: '',
  toDay: '',
}

const stateGroups: Record<StateGroup, MessageState[]> = {
  waiting: ['queued', 'sending'],
  gone: ['sent', 'delivered', 'read', 'played'],
  failed: ['failed', 'expired'],
}

/** The contract's filter for a choice, days by the clock of this PC. */
export function filterFor(choice: LogChoice, now = Date.now()): MessageFilter {
  return {
    search: choice.search.trim() === '' ? null : choice.search.trim(),
    deviceId: choice.deviceId,
    states: statesOf(choice.state),
    keyName: choice.keyName,
    ...timesOf(choice, new Date(now).setHours(0, 0, 0, 0)),
  }
}

function statesOf(state: LogChoice['state']): MessageState[] | null {
  if (state === null) return null
  return state in stateGroups ? stateGroups[state as StateGroup] : [state as MessageState]
}

function timesOf(choice: LogChoice, today: number): { from: number | null; to: number | null } {
  switch (choice.time) {
    case 'any':
      return { from: null, to: null }
    case 'today':
      return { from: today, to: null }
    case 'yesterday':
      return { from: daysBefore(today, 1), to: today }
    case 'week':
      return { from: daysBefore(today, 6), to: null }
    case 'month':
      return { from: daysBefore(today, 29), to: null }
    case 'range':
      return { from: dayStart(choice.fromDay, 0), to: dayStart(choice.toDay, 1) }
    default:
      return assertNever(choice.time)
  }
}

/** Not by milliseconds: where clocks are changed, days have 23 or 25 hours. */
function daysBefore(today: number, days: number): number {
  return new Date(today).setDate(new Date(today).getDate() - days)
}

function dayStart(day: string, plusDays: number): number | null {
  const [year, month, date] = day.split('-').map(Number)
  if (year === undefined || month === undefined || date === undefined) return null
  // A year that is still being typed is 2, 20 or 202: before all times that there are.
  return Math.max(0, new Date(year, month - 1, date + plusDays).getTime())
}

export const isAnything = (filter: MessageFilter): boolean =>
  Object.values(filter).every((value) => value === null)

/** Whether a row that just changed belongs to what is shown; null where only the program can tell (search). */
export function fits(message: Message, filter: MessageFilter): boolean | null {
  if (filter.deviceId !== null && filter.deviceId !== message.deviceId) return false
  if (filter.states !== null && !filter.states.includes(message.state)) return false
  if (filter.keyName !== null && filter.keyName !== message.keyName) return false
  if (filter.from !== null && message.createdAt < filter.from) return false
  if (filter.to !== null && message.createdAt >= filter.to) return false
  return filter.search === null ? true : null
}

let choice = anything
const listeners = new Set<() => void>()

export function useLogChoice(): LogChoice {
  return useSyncExternalStore(subscribe, () => choice)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function chooseInLog(change: Partial<LogChoice>): void {
  choice = { ...choice, ...change }
  for (const listener of listeners) listener()
}

/** Opens the log with just this chosen. */
export function showInLog(change: Partial<LogChoice>): void {
  choice = { ...anything, ...change }
  goTo('log')
  for (const listener of listeners) listener()
}
