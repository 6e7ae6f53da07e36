import type { QueryClient } from '@tanstack/react-query'
import type { AnswerOf, Call, Device, RequestOf } from '../../src-preload/contract.ts'
import { goTo } from '../shell/page-route.ts'
import { bridge } from './bridge.ts'
import { askAgain } from './ipc-call.ts'
import { onMessages } from './message-stream.ts'
import { onNewDay } from './new-day.ts'
import { onReconnect } from './on-reconnect.ts'
import { keepDownload } from './use-downloads.ts'

const countEveryMs = 1_000
const inboxEveryMs = 250

/** Keeps what was asked before true to what the program tells. Called once, at the start. */
export function followEvents(client: QueryClient): void {
  bridge.on('device.changed', (device) =>
    client.setQueryData<Device[]>(['devices.list', {}], (devices) => devices && withDevice(devices, device)),
  )
  bridge.on('device.removed', ({ id }) =>
    client.setQueryData<Device[]>(['devices.list', {}], (devices) => devices?.filter((one) => one.id !== id)),
  )
  bridge.on('device.changed', ({ id }) => askAgainOf(client, 'devices.history', (one) => one === id))
  bridge.on('device.changed', ({ id, state }) => {
    if (state.name === 'connected') askAboutUnknown(client, id)
  })
  bridge.on('device.changed', ({ kind }) => {
    // The first practice phone starts the practice WhatsApp, of which nothing else tells.
    if (kind === 'sandbox' && isWithoutSandbox(client)) askAgain(client, 'program.info')
  })
  bridge.on('messages.warned', () => askAgain(client, 'messages.warnings'))
  bridge.on('keys.changed', () => askAgain(client, 'keys.list'))
  bridge.on('settings.changed', ({ name, value }) =>
    client.setQueryData<AnswerOf<'settings.all'>>(
      ['settings.all', {}],
      (all) => all && { ...all, values: { ...all.values, [name]: value } },
    ),
  )
  bridge.on('settings.changed', ({ name }) => {
    if (name === 'numbers.countryCode') askAgain(client, 'numbers.read')
    // What the system makes of the login item.
    if (name === 'desktop.startAtLogin') askAgain(client, 'program.info')
  })
  bridge.on('api.changed', (status) => {
    client.setQueryData(['api.status', {}], status)
    // The address is in them.
    askAgain(client, 'api.snippets')
  })
  bridge.on('program.changed', (status) => client.setQueryData(['program.status', {}], status))
  bridge.on('updates.changed', (status) => client.setQueryData(['updates.status', {}], status))
  bridge.on('sandbox.received', askingAtMostEvery(inboxEveryMs, client, ['sandbox.inbox']))
  bridge.on('saving.changed', keepDownload)
  bridge.on('navigate', ({ page, id }) => goTo(page, id))
  followMessages(client)
  onNewDay(() => askAgain(client, 'messages.today'))
  // What was missed meanwhile.
  onReconnect(() => void client.invalidateQueries())
}

function withDevice(devices: Device[], device: Device): Device[] {
  const known = devices.some((one) => one.id === device.id)
  return known ? devices.map((one) => (one.id === device.id ? device : one)) : [...devices, device]
}

/** Also where nobody looks at it now: who comes back to it is not to see what was. */
function askAgainOf(
  client: QueryClient,
  name: 'devices.history' | 'messages.story',
  isMeant: (id: string) => boolean,
): void {
  void client.invalidateQueries({
    queryKey: [name],
    predicate: ({ queryKey: [, request] }) => isMeant((request as RequestOf<typeof name>).id),
  })
}

/** Numbers that nobody could be asked about while the phone was away. */
function askAboutUnknown(client: QueryClient, deviceId: string): void {
  void client.invalidateQueries({
    queryKey: ['numbers.lookUp'],
    predicate: ({ queryKey: [, request], state }) =>
      (request as RequestOf<'numbers.lookUp'>).deviceId === deviceId &&
      Object.values((state.data ?? {}) as AnswerOf<'numbers.lookUp'>).includes('unknown'),
  })
}

function isWithoutSandbox(client: QueryClient): boolean {
  return client.getQueryData<AnswerOf<'program.info'>>(['program.info', {}])?.sandbox === false
}

/** However busy the outbox is. */
function followMessages(client: QueryClient): void {
  onMessages((batch) => askAgainOf(client, 'messages.story', (id) => batch.has(id)))
  onMessages(
    askingAtMostEvery(countEveryMs, client, ['messages.today', 'messages.countByDay', 'messages.range']),
  )
}

/** To be called at every event that changes what these calls answer; what comes meanwhile is gathered. */
function askingAtMostEvery(milliseconds: number, client: QueryClient, calls: readonly Call[]): () => void {
  let timer: number | undefined
  return () => {
    timer ??= window.setTimeout(() => {
      timer = undefined
      for (const name of calls) askAgain(client, name)
    }, milliseconds)
  }
}
