import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

export interface RawAnswer {
  status: number
  headers: Record<string, string>
  body: Record<string, unknown>
  text: string
}

/** Sends bytes as they are and reads until the server closes; for what no HTTP client would send. */
export async function rawRequest(
  port: number,
  request: string | Buffer,
  host = '127.0.0.1',
): Promise<RawAnswer> {
  const socket = connect(port, host)
  socket.on('error', () => {
    // A reset after the answer is the server's right; without an answer the status below is NaN.
  })
  socket.write(request)
  return parseAnswer(await text(socket))
}

function parseAnswer(answer: string): RawAnswer {
  const end = answer.indexOf('\r\n\r\n')
  const [first = '', ...lines] = answer.slice(0, end).split('\r\n')
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  )
  const body = answer.slice(end + 4)
  return {
    status: Number(first.split(' ')[1]),
    headers,
    text: body,
    body: body.startsWith('{') ? (JSON.parse(body) as Record<string, unknown>) : {},
  }
}
