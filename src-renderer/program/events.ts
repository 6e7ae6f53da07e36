import type { QueryClient } from '@tanstack/react-query'
import type { AnswerOf, Device } from '../../src-preload/contract.ts'
import { goTo } from '../shell/route.ts'
import { bridge } from './bridge.ts'
import { askAgain } from './call.ts'
import { onMessages } from './message-stream.ts'
import { keepSaving } from './savings.ts'

const countEveryMs = 1_000

/** Keeps what was asked before true to what the program tells. Called once, at the start. */
export function followEvents(client: QueryClient): void {
  bridge.on('device.changed', (device) =>
    client.setQueryData<Device[]>(['devices.list', {}], (devices) => devices && withDevice(devices, device)),
  )
  bridge.on('device.removed', ({ id }) =>
    client.setQueryData<Device[]>(['devices.list', {}], (devices) => devices?.filter((one) => one.id !== id)),
  )
  bridge.on('device.changed', ({ id }) => askAgainOf(client, id))
  bridge.on('messages.warned', () => askAgain(client, 'messages.warnings'))
  bridge.on('keys.changed', () => askAgain(client, 'keys.list'))
  bridge.on('settings.changed', ({ name, value }) =>
    client.setQueryData<AnswerOf<'settings.all'>>(
      ['settings.all', {}],
      (all) => all && { ...all, values: { ...all.values, [name]: value } },
    ),
  )
  bridge.on('api.changed', (status) => client.setQueryData(['api.status', {}], status))
  bridge.on('program.changed', (status) => client.setQueryData(['program.status', {}], status))
  bridge.on('updates.changed', (status) => client.setQueryData(['updates.status', {}], status))
  bridge.on('sandbox.received', () => askAgain(client, 'sandbox.inbox'))
  bridge.on('saving.changed', keepSaving)
  bridge.on('navigate', ({ page, id }) => goTo(page, id))
  followMessages(client)
  followLink(client)
}

function withDevice(devices: Device[], device: Device): Device[] {
  const known = devices.some((one) => one.id === device.id)
  return known ? devices.map((one) => (one.id === device.id ? device : one)) : [...devices, device]
}

function askAgainOf(client: QueryClient, deviceId: string): void {
  void client.invalidateQueries({
    predicate: ({ queryKey: [name, request] }) =>
      name === 'devices.history' && (request as { id?: string }).id === deviceId,
  })
}

/** Counts are asked for again at most once a second, however busy the outbox is. */
function followMessages(client: QueryClient): void {
  let timer: number | undefined
  onMessages(() => {
    timer ??= window.setTimeout(() => {
      timer = undefined
      askAgain(client, 'messages.today')
      askAgain(client, 'messages.countByDay')
    }, countEveryMs)
  })
}

/** What was missed while nobody was there is asked for again. */
function followLink(client: QueryClient): void {
  let lost = false
  bridge.onLink(() => {
    if (bridge.link === 'offline') lost = true
    if (bridge.link !== 'online' || !lost) return
    lost = false
    void client.invalidateQueries()
  })
}
