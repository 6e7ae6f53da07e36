import { once } from 'node:events'
import { createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { startReal, sender, type RealApplication } from './api/real-application.ts'

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** A server whose file comes only when it is told to go on. */
async function slowFile(): Promise<{
  url: string
  goOn: () => void
  asked: Promise<unknown>
  end: () => void
}> {
  const gate = Promise.withResolvers<void>()
  const server = createServer((_request, response) => {
    void gate.promise.then(() => response.end('nota', 'utf8'))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${String(port)}/nota.txt`,
    goOn: gate.resolve,
    asked: once(server, 'request'),
    end: () => {
      gate.resolve()
      server.closeAllConnections()
      server.close()
    },
  }
}

function mediaCall(
  real: RealApplication,
  url: string,
): Promise<{ status: boolean; code?: string; id?: string }> {
  const query = new URLSearchParams({
    api_key: real.key,
    sender,
    number: '6285500000501',
    media_type: 'document',
    url,
  })
  // Not fetch, which keeps its connection.
  return new Promise((resolve, reject) => {
    get(`${real.url}/send-media?${query.toString()}`, { agent: false }, (response) => {
      void text(response).then((body) => resolve(JSON.parse(body) as { status: boolean }))
    }).on('error', reject)
  })
}

test('while the port is changed there is always one that answers, and running calls end on the old one', async () => {
  const real = await startReal({ 'media.trustedHosts': '127.0.0.1' })
  const file = await slowFile()
  try {
    const call = mediaCall(real, file.url)
    await file.asked
    const port = await freePort()
    const since = performance.now()
    real.application.settings.override('api.port', String(port))
    const restarted = real.application.api.restart()
    const health = `http://127.0.0.1:${String(port)}/health`
    await expect
      .poll(
        () =>
          fetch(health).then(
            ({ ok }) => ok,
            () => false,
          ),
        { interval: 10 },
      )
      .toBe(true)
    expect(performance.now() - since).toBeLessThan(3_000)
    await restarted
    await expect
      .poll(() =>
        fetch(`${real.url}/health`).then(
          () => true,
          () => false,
        ),
      )
      .toBe(false)
    // Longer than the five seconds after which a stop cuts calls off.
    await new Promise((resolve) => setTimeout(resolve, 5_500))
    file.goOn()
    // Sent, or on a slow machine not confirmed in time; a call that is cut off has no answer at all.
    expect(await call).toHaveProperty('id')
  } finally {
    file.end()
    await real.stop()
  }
}, 40_000)

test('a change of another setting opens the same port again', async () => {
  const real = await startReal()
  try {
    real.application.settings.override('api.port', String(real.port))
    await real.application.api.restart()
    expect(real.application.api.status).toMatchObject({ state: 'running', port: real.port })
    expect((await fetch(`${real.url}/health`)).ok).toBe(true)
  } finally {
    await real.stop()
  }
})

test('at a stop, who waits for a file that does not come is answered that the message is kept', async () => {
  const real = await startReal({ 'media.trustedHosts': '127.0.0.1' })
  const file = await slowFile()
  try {
    const call = mediaCall(real, file.url)
    await file.asked
    const stopping = real.stop()
    expect(await call).toMatchObject({
      status: false,
      code: 'not_confirmed',
      id: expect.any(String) as string,
    })
    await stopping
  } finally {
    file.end()
  }
}, 30_000)
