import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Failure, systemCodeOf } from '../../lib/failure.ts'
import type { Logger } from '../../lib/logging/logger.ts'

/** Tries for a port that is free on 127.0.0.1 and on ::1 alike, where any will do. */
const tries = 20

export interface Listening {
  readonly port: number
  /** What was bound, 127.0.0.1 first. */
  readonly bound: { address: string; server: Server }[]
}

/**
 * Opens one port on 127.0.0.1 and, where the machine has it, on ::1 (`localhost` may be either); then on the
 * LAN's addresses, of which one that is not there now is left out.
 *
 * @param port 0: any that is free on both
 * @throws Failure port_taken, port_not_allowed
 */
export async function listenOn(
  port: number,
  lan: readonly string[],
  makeServer: () => Server,
  log: Logger,
): Promise<Listening> {
  const listening = await listenOnLoopback(port, makeServer)
  await listenToo(listening, lan, makeServer, (error) =>
    log.warn({ code: systemCodeOf(error) }, 'could not listen on a LAN address'),
  )
  return listening
}

/** Opens addresses of the LAN beside those that are open already, and answers which it has opened. */
export async function listenToo(
  listening: Listening,
  lan: readonly string[],
  makeServer: () => Server,
  failed: (error: unknown) => void,
): Promise<string[]> {
  const opened: string[] = []
  for (const address of lan) {
    if (listening.bound.some((one) => one.address === address)) continue
    try {
      const server = await listen(makeServer(), address, listening.port)
      listening.bound.push({ address, server })
      opened.push(address)
    } catch (error) {
      failed(error)
    }
  }
  return opened
}

async function listenOnLoopback(port: number, makeServer: () => Server): Promise<Listening> {
  for (let attempt = 1; ; attempt += 1) {
    const first = await listen(makeServer(), '127.0.0.1', port).catch((error: unknown) => {
      throw portFailure(error, port)
    })
    const chosen = (first.address() as AddressInfo).port
    const bound = [{ address: '127.0.0.1', server: first }]
    try {
      const second = await listen(makeServer(), '::1', chosen)
      return { port: chosen, bound: [...bound, { address: '::1', server: second }] }
    } catch (error) {
      if (isWithoutIpv6(error)) return { port: chosen, bound }
      await close(first)
      if (port !== 0 || attempt === tries) throw portFailure(error, chosen)
    }
  }
}

function listen(server: Server, host: string, port: number): Promise<Server> {
  const { promise, resolve, reject } = Promise.withResolvers<Server>()
  server.once('error', reject)
  // Nobody else may take the same port by reuse; Windows would allow that without `exclusive`.
  server.listen({ host, port, exclusive: true, backlog: 511 }, () => {
    server.off('error', reject)
    resolve(server)
  })
  return promise
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
  })
}

function isWithoutIpv6(error: unknown): boolean {
  return ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EPROTONOSUPPORT'].includes(systemCodeOf(error))
}

/**
 * Above 1023 it is the system that keeps the port: on Windows mostly Hyper-V or WSL.
 *
 * @see https://learn.microsoft.com/troubleshoot/windows-server/networking/reserve-a-range-of-ephemeral-ports
 */
function notAllowed(port: number): string {
  const number = String(port)
  if (port < 1_024) return `This user may not open port ${number}. Choose one from 1024 to 65535:`
  const list =
    process.platform === 'win32'
      ? ' ("netsh interface ipv4 show excludedportrange protocol=tcp" lists them)'
      : ''
  return `The system reserves port ${number} for itself${list}. Choose another port:`
}

function portFailure(error: unknown, port: number): unknown {
  const number = String(port)
  switch (systemCodeOf(error)) {
    case 'EADDRINUSE':
      return new Failure(
        'port_taken',
        `Another program has port ${number}. End that program, or choose another port: in Settings, or by --port.`,
        { cause: error },
      )
    case 'EACCES':
      return new Failure('port_not_allowed', `${notAllowed(port)} in Settings, or by --port.`, {
        cause: error,
      })
    default:
      return error
  }
}
