import { createServer } from 'node:https'
import type { Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fetchVersion } from '../../src-main/devices/connection/whatsapp-version.ts'
import { EgressAgent } from '../../src-main/egress/egress-agent.ts'
import { startConnectProxy } from './connect-proxy.ts'
import type { ConnectProxy } from './connect-proxy.ts'
import { egressOf } from './egress-of.ts'
import { identityElsewhere, webHost } from './whatsapp-elsewhere.ts'

const address = `https://${webHost}/sw.js`
let server: Server
let proxy: ConnectProxy
let agent: EgressAgent
let status = 200
let body = ''

beforeAll(async () => {
  const { key, certificate, root } = identityElsewhere()
  server = createServer({ key, cert: certificate }, (_request, response) =>
    response.writeHead(status).end(body),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  proxy = await startConnectProxy({ leads: { [`${webHost}:443`]: (server.address() as AddressInfo).port } })
  agent = new EgressAgent({ ca: [root], rejectUnauthorized: true }, egressOf(proxy.url))
})
afterAll(async () => {
  server.close()
  await proxy.stop()
})

test('the version of WhatsApp Web is asked for through the proxy, and read from its service worker', async () => {
  body = String.raw`self.x = JSON.parse("{\"server_revision\":1,\"client_revision\":1041234567}")`
  expect(await fetchVersion(agent, address)).toEqual([2, 3000, 1_041_234_567])
  expect(proxy.opened).toEqual([`${webHost}:443`])
})

test('an answer without a version is none, and a refusal an error', async () => {
  body = '<html>log in</html>'
  expect(await fetchVersion(agent, address)).toBeNull()
  status = 403
  await expect(fetchVersion(agent, address)).rejects.toThrow('403')
})
