import type { Device } from '../../devices/device.ts'
import { assertNever } from '../../lib/failure.ts'
import { needsOperator } from '../system/device-attention.ts'
import type { Texts } from '../i18n/texts.ts'

/** What the tray icon says at a glance, worst first. */
export type OverallState = 'api-stopped' | 'attention' | 'none' | 'some' | 'all'

export const overallStates: readonly OverallState[] = ['api-stopped', 'attention', 'none', 'some', 'all']

export type TrayDeviceState =
  | 'connected'
  | 'timeLocked'
  | 'connecting'
  | 'waiting'
  | 'pairing'
  | 'unpaired'
  | 'stopped'

export interface TrayFacts {
  devices: readonly Device[]
  apiRunning: boolean
  /** Whether the database takes what is written. */
  storageOk: boolean
  paused: boolean
  /** Whether the program is on its way out. */
  finishing: boolean
}

export type TrayCommand = 'open' | 'copyAddress' | 'pause' | 'resume' | 'settings' | 'quit'

export type TrayItem =
  | { kind: 'device'; id: string; label: string }
  | { kind: 'command'; command: TrayCommand; label: string; enabled: boolean }
  | { kind: 'words'; label: string }
  | { kind: 'line' }

export interface TrayView {
  state: OverallState
  tooltip: string
  menu: TrayItem[]
}

/** Everything that the tray shows, from what is the case. */
export function trayView(facts: TrayFacts, texts: Texts): TrayView {
  return { state: overallState(facts), tooltip: tooltip(facts, texts), menu: menu(facts, texts) }
}

export function overallState(facts: TrayFacts): OverallState {
  if (!facts.apiRunning) return 'api-stopped'
  if (!facts.storageOk || facts.devices.some(needsOperator)) return 'attention'
  const wanted = facts.devices.filter(isWanted)
  const connected = wanted.filter(isConnected).length
  if (connected === 0) return 'none'
  return connected === wanted.length ? 'all' : 'some'
}

/** What the operator stopped, or what this run leaves out, is as it should be: it is not counted. */
function isWanted({ state }: Device): boolean {
  return !(state.name === 'stopped' && (state.reason === 'by_operator' || state.reason === 'not_in_this_run'))
}

function isConnected({ state }: Device): boolean {
  return state.name === 'connected'
}

function tooltip(facts: TrayFacts, texts: Texts): string {
  const { tray } = texts
  if (facts.finishing) return `Kurir: ${tray.finishing}`
  const words = overallWords(facts, texts)
  return facts.paused ? `Kurir: ${words}. ${tray.paused}.` : `Kurir: ${words}`
}

function overallWords(facts: TrayFacts, { tray: { overall } }: Texts): string {
  const state = overallState(facts)
  switch (state) {
    case 'all':
      return overall.all
    case 'some': {
      const wanted = facts.devices.filter(isWanted)
      return overall.some(wanted.filter(isConnected).length, wanted.length)
    }
    case 'none':
      return facts.devices.length === 0 ? overall.noDevices : overall.none
    case 'attention':
      return overall.attention
    case 'api-stopped':
      return overall.apiStopped
    default:
      return assertNever(state)
  }
}

function menu(facts: TrayFacts, texts: Texts): TrayItem[] {
  const { tray } = texts
  const command = (command: TrayCommand, label: string, enabled = true): TrayItem => ({
    kind: 'command',
    command,
    label,
    enabled,
  })
  return [
    ...deviceItems(facts.devices, texts),
    { kind: 'line' },
    command('open', tray.open),
    command('copyAddress', tray.copyAddress, facts.apiRunning),
    facts.paused ? command('resume', tray.resume) : command('pause', tray.pause),
    command('settings', tray.settings),
    { kind: 'line' },
    command('quit', tray.quit, !facts.finishing),
  ]
}

function deviceItems(devices: readonly Device[], texts: Texts): TrayItem[] {
  if (devices.length === 0) return [{ kind: 'words', label: texts.tray.noDevices }]
  return devices.map((device) => ({
    kind: 'device',
    id: device.id,
    label: `${device.name}: ${texts.tray.device[trayDeviceState(device)]}`,
  }))
}

function trayDeviceState({ state, timeLock }: Device): TrayDeviceState {
  if (state.name === 'connected') return timeLock === null ? 'connected' : 'timeLocked'
  return state.name
}
