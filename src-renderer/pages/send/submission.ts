import { useSyncExternalStore } from 'react'
import type { Message, SubmitAnswer, SubmitRequest } from '../../../src-preload/contract.ts'
import { bridge } from '../../program/bridge.ts'
import { call, CallFailure } from '../../program/ipc-call.ts'
import { onMessages } from '../../program/message-stream.ts'
import { onReconnect } from '../../program/on-reconnect.ts'
import { upload } from '../../program/upload.ts'
import { WindowFailure } from '../../program/window-failure.ts'
import { anything, filterFor } from '../log/filter.ts'
import { requestFor, type Draft } from './draft.ts'

/** The last message that was sent from this page; like the draft it survives a look at another page. */
export interface Submission {
  busy: boolean
  error: unknown
  /** Percent of the chosen file that was handed over; null when none is on its way. */
  uploaded: number | null
  answer: SubmitAnswer | null
  /** The newest form of each of its rows, by id. */
  messages: ReadonlyMap<string, Message>
}

let submission: Submission = { busy: false, error: null, uploaded: null, answer: null, messages: new Map() }
const listeners = new Set<() => void>()

export function useSubmission(): Submission {
  return useSyncExternalStore(subscribe, () => submission)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Hands over the chosen file, if any, and then the message. One at a time. */
export async function send(draft: Draft, deviceId: string): Promise<void> {
  if (submission.busy) return
  become({ busy: true, error: null, uploaded: null })
  try {
    const file = draft.mode !== 'text' && draft.sourceKind === 'file' ? draft.file : null
    const uploadId = file === null ? null : await dispatch(file)
    const answer = await submit(requestFor(draft, deviceId, uploadId))
    become({ busy: false, uploaded: null, answer, messages: ofRequest(answer.requestId) })
  } catch (error) {
    become({ busy: false, uploaded: null, error })
  }
}

/** Whose line is lost between question and answer cannot tell what became of the message: "try again" would send it twice. */
async function submit(request: SubmitRequest): Promise<SubmitAnswer> {
  const isAsked = bridge.link === 'online'
  try {
    return await call('messages.submit', request)
  } catch (error) {
    const isLost = isAsked && error instanceof CallFailure && error.code === 'shutting_down'
    throw isLost ? new WindowFailure('answerLost', { cause: error }) : error
  }
}

function dispatch(file: File): Promise<string> {
  return upload(file, {
    onProgress: (done) => become({ uploaded: Math.round((done / file.size) * 100) }),
  })
}

function ofRequest(requestId: string): ReadonlyMap<string, Message> {
  return new Map([...submission.messages].filter(([, message]) => message.requestId === requestId))
}

function become(change: Partial<Submission>): void {
  submission = { ...submission, ...change }
  for (const listener of listeners) listener()
}

function takeIn(messages: Iterable<Message>): void {
  // Its rows may be told of before its answer is there.
  const { answer, busy } = submission
  const ours = [...messages].filter(
    ({ requestId, via }) => requestId === answer?.requestId || (busy && via === 'window'),
  )
  if (ours.length === 0) return
  become({ messages: new Map([...submission.messages, ...ours.map((one) => [one.id, one] as const)]) })
}

onMessages((batch) => takeIn(batch.values()))

// What became of them while nobody heard: they are neighbours in the log.
onReconnect(() => {
  const results = submission.answer?.results ?? []
  const rows = results.flatMap(({ message }) => (message === null ? [] : [message]))
  const highest = Math.max(0, ...rows.map(({ sequence }) => sequence))
  if (highest === 0) return
  const request = { filter: filterFor(anything), before: highest + 1, limit: Math.min(200, rows.length) }
  call('messages.list', request).then(takeIn, () => undefined)
})
