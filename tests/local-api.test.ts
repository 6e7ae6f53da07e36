import { expect, test } from 'vitest'
import { LocalApi } from '../src-main/app/local-api.ts'
import { start } from './api/asking.ts'
import { memorySettings } from './messages/messages-fixture.ts'

test('the API stays closed where a setting is changed, or it is tried again, while it stops', async () => {
  const settings = memorySettings()
  const api = new LocalApi({ open: async () => (await start()).api, settings })
  await api.start()
  const stopping = api.stop()
  settings.set('api.port', 3_333)
  await Promise.all([stopping, api.restart()])
  expect(api.status).toEqual({ state: 'stopped' })
  await api.start()
  expect(api.status.state).toBe('running')
  await api.stop()
})
