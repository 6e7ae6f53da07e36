/** An error as Baileys throws it: @hapi/boom's, without the package. */
export function boom(statusCode: number, message = 'Stream Errored (unknown)', data?: unknown): Error {
  return Object.assign(new Error(message), { isBoom: true, output: { statusCode }, data })
}
