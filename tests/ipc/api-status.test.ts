import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import type { Application } from '../../src-main/app/app.ts'
import { Failure } from '../../src-main/lib/failure.ts'
import { apiStatusOf } from '../../src-main/ipc/calls/api-status.ts'
import type { LocalApiStatus } from '../../src-main/app/local-api.ts'

test('a port that was taken is not told of any more once the API runs', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as { port: number }
  const api: { status: LocalApiStatus } = { status: takenPort(port) }
  const settings = { get: () => false }
  // While it is found out who has the port, the operator takes another.
  const markAnswered = apiStatusOf({ api, settings } as unknown as Application)
  api.status = { state: 'running', port: port + 1, addresses: [`http://127.0.0.1:${port + 1}`] }
  expect(await markAnswered).toMatchObject({ state: 'running', port: port + 1, failure: null })
  taken.close()
})

const takenPort = (port: number): LocalApiStatus => ({
  state: 'failed',
  port,
  failure: new Failure('port_taken', 'taken'),
})
