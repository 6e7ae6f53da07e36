/** The smallest Koa program there is: what any API on Koa pays for a request. */
import type { AddressInfo } from 'node:net'
import Koa from 'koa'

const koa = new Koa()
koa.use((context) => {
  context.body = 'hello'
})
const server = koa.listen(0, '127.0.0.1', () => {
  process.send?.({ answer: (server.address() as AddressInfo).port })
})
process.once('SIGTERM', () => process.exit(0))
