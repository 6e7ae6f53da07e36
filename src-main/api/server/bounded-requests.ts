import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { RequestTurns } from '../middleware/request-turns.ts'
import { hasEnded, type Connections } from './connections.ts'

/**
 * A response of which nothing was read for so long is given up, with its connection: milliseconds. It would be kept in
 * memory for as long as its caller likes.
 */
const readWithinMs = 30_000

type Handle = (request: IncomingMessage, response: ServerResponse) => void

/**
 * Bounds what callers of a server can make it do: its connections, and the requests under way on each.
 *
 * @returns takes a request that came by another event than `request`
 */
export function boundRequests(server: Server, connections: Connections, handle: Handle): Handle {
  const turns = new RequestTurns((request, response) => {
    connections.answering(request, response)
    handle(request, response)
  })
  const enter: Handle = (request, response) => {
    // Whatever becomes of the connection is seen elsewhere; an error that nobody hears would end the program.
    request.on('error', () => undefined)
    response.on('error', () => undefined)
    // Its caller was told already that nothing is done.
    if (!hasEnded(request.socket)) turns.enter(request, response)
  }
  connections.watch(server)
  server.on('request', enter)
  return enter
}

/** Gives up a response that is written and not read, with its connection. */
export function closeUnread(socket: Socket): void {
  socket.setTimeout(readWithinMs)
}
