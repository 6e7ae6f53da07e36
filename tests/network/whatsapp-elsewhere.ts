import { createServer } from 'node:tls'
import { connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { makeTlsIdentity } from '../../src-main/sandbox/server/tls-certificate.ts'
import type { TlsIdentity } from '../../src-main/sandbox/server/tls-certificate.ts'

export const webHost = 'web.kurir.test'
export const mediaHost = 'media.kurir.test'

/** Shown by a sandbox that stands for WhatsApp outside of this PC, under names that only a proxy knows. */
export const identityElsewhere = (): TlsIdentity => makeTlsIdentity(Date.now(), [webHost, mediaHost])

/** TLS in front of a sandbox's WebSocket, which is plain on loopback, and asks for its own Host. */
export async function startTlsFront(
  identity: TlsIdentity,
  sandboxUrl: string,
): Promise<{ port: number; url: string; stop(): Promise<void> }> {
  const inside = new URL(sandboxUrl)
  const sockets = new Set<Socket>()
  const server = createServer({ key: identity.key, cert: identity.certificate }, (outer) => {
    const inner = connect(Number(inside.port), inside.hostname)
    for (const socket of [outer, inner]) {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    }
    outer.on('error', () => inner.destroy())
    inner.on('error', () => outer.destroy())
    outer.once('close', () => inner.destroy())
    outer.once('data', (head: Buffer) => {
      inner.write(head.toString('latin1').replace(/^host: .*$/im, `Host: ${inside.host}`), 'latin1')
      outer.pipe(inner).pipe(outer)
    })
  })
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    url: `wss://${webHost}${inside.pathname}${inside.search}`,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
