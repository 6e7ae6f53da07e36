import { setTimeout as pause } from 'node:timers/promises'

/** What one caller did for one message, and what it was told. */
export interface Told {
  text: string
  number: string
  /** Each answer that arrived whole, in order; a cut connection or a time-out is none. */
  answers: { status: boolean; code: string | null; id: string | null }[]
  attempts: number
}

export interface Address {
  /** Asked anew for each attempt: the program may have been started again. */
  api: () => string
  key: string
  sender: string
}

const patienceMs = 5_000
const mostAttempts = 100

/**
 * Sends as programs in shops do: gives up after 5 s, tries by POST and then by GET, and comes back until it was
 * told that the message was sent.
 */
export async function sendUntilTold(to: Address, number: string, text: string): Promise<Told> {
  const told: Told = { text, number, answers: [], attempts: 0 }
  while (told.attempts < mostAttempts) {
    const post = told.attempts % 2 === 0
    told.attempts++
    const answer = await attempt(to, number, text, post)
    if (answer !== null) told.answers.push(answer)
    if (answer?.status === true) return told
    await pause(answer === null ? 300 : 100)
  }
  return told
}

async function attempt(
  to: Address,
  number: string,
  text: string,
  post: boolean,
): Promise<Told['answers'][number] | null> {
  const parameters = { api_key: to.key, sender: to.sender, number, message: text }
  try {
    const response = post
      ? await fetch(`${to.api()}/send-message`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(parameters),
          signal: AbortSignal.timeout(patienceMs),
        })
      : await fetch(`${to.api()}/send-message?${new URLSearchParams(parameters).toString()}`, {
          signal: AbortSignal.timeout(patienceMs),
        })
    const body = (await response.json()) as { status: boolean; code?: string; id?: string }
    return { status: body.status, code: body.code ?? null, id: body.id ?? null }
  } catch {
    return null // Cut, refused or too slow: nothing was told.
  }
}
