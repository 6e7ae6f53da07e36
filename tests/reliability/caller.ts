import { setTimeout as pause } from 'node:timers/promises'

/** What one caller did for one message, and what it was told. */
export interface CallerOutcome {
  text: string
  number: string
  /** Each answer that arrived whole, in order; a cut connection or a time-out is none. */
  answers: { status: boolean; code: string | null; id: string | null; msg?: string }[]
  attempts: number
  /** When it was first tried, milliseconds since the epoch. */
  askedAt: number
  /** Milliseconds that the latest attempt took. */
  tookMs: number
}

export interface Address {
  /** Asked anew for each attempt: the program may have been started again. */
  api: () => string
  key: string
  sender: string
}

/** A file that goes with the text as its caption: named by its address, or sent along. */
export type Attachment = { mediaType: string } & (
  | { url: string }
  | { upload: Uint8Array<ArrayBuffer>; fileName: string }
)

export interface CallerTask {
  attachment?: Attachment
  /** Codes that the caller takes for the last word. */
  givesUpAt?: readonly string[]
}

const patienceMs = { text: 5_000, media: 15_000 }
const maxAttempts = 100

/**
 * Sends as programs in shops do: gives up after 5 s (15 s with a file), tries by POST and then by GET, and comes
 * back until it was told that the message was sent.
 */
export async function sendUntilTold(
  to: Address,
  number: string,
  text: string,
  task: CallerTask = {},
): Promise<CallerOutcome> {
  const outcome: CallerOutcome = { text, number, answers: [], attempts: 0, askedAt: Date.now(), tookMs: 0 }
  while (outcome.attempts < maxAttempts) {
    const post = outcome.attempts % 2 === 0
    outcome.attempts++
    const began = performance.now()
    const answer = await attempt(requestOf(to, number, text, task.attachment, post))
    outcome.tookMs = performance.now() - began
    if (answer !== null) outcome.answers.push(answer)
    if (answer?.status === true || isLastWord(answer, task)) return outcome
    await pause(pauseAfter(answer, outcome.attempts))
  }
  return outcome
}

/** At first again at once; who was refused twenty times gives the device time to come back. */
function pauseAfter(answer: CallerOutcome['answers'][number] | null, attempts: number): number {
  if (attempts > 20) return 1_000
  return answer === null ? 300 : 100
}

function isLastWord(
  answer: CallerOutcome['answers'][number] | null,
  { givesUpAt = [] }: CallerTask,
): boolean {
  return answer?.code !== undefined && answer.code !== null && givesUpAt.includes(answer.code)
}

function requestOf(
  to: Address,
  number: string,
  text: string,
  attachment: Attachment | undefined,
  post: boolean,
): Request {
  const common = { api_key: to.key, sender: to.sender, number }
  if (attachment === undefined) {
    return encoded(`${to.api()}/send-message`, { ...common, message: text }, post, patienceMs.text)
  }
  const path = `${to.api()}/send-media`
  const parameters = { ...common, media_type: attachment.mediaType, caption: text }
  if ('url' in attachment) {
    return encoded(path, { ...parameters, url: attachment.url }, post, patienceMs.media)
  }
  const form = new FormData()
  for (const [name, value] of Object.entries(parameters)) form.append(name, value)
  form.append('file', new Blob([attachment.upload]), attachment.fileName)
  return new Request(path, { method: 'POST', body: form, signal: timeoutMs(patienceMs.media) })
}

function encoded(path: string, parameters: Record<string, string>, post: boolean, ms: number): Request {
  const signal = timeoutMs(ms)
  if (!post) return new Request(`${path}?${new URLSearchParams(parameters).toString()}`, { signal })
  const headers = { 'content-type': 'application/json' }
  return new Request(path, { method: 'POST', headers, body: JSON.stringify(parameters), signal })
}

/**
 * Runs out so many milliseconds later, once what has arrived by then was read: where this process itself is held up,
 * an answer that it was given in time must not count as none.
 */
function timeoutMs(ms: number): AbortSignal {
  const abort = new AbortController()
  setTimeout(() => setTimeout(() => abort.abort(), 20), ms).unref()
  return abort.signal
}

async function attempt(request: Request): Promise<CallerOutcome['answers'][number] | null> {
  try {
    const response = await fetch(request)
    const body = (await response.json()) as { status: boolean; code?: string; id?: string; msg?: string }
    const refusal = body.status || body.msg === undefined ? {} : { msg: body.msg }
    return { status: body.status, code: body.code ?? null, id: body.id ?? null, ...refusal }
  } catch {
    return null // Cut, refused or too slow: nothing was told.
  }
}
