import type { InboxMessage } from '../../../src-preload/contract.ts'

/** What one practice recipient has received. */
export interface PracticeChat {
  number: string
  /** Oldest first, as a chat is read. */
  messages: InboxMessage[]
  last: InboxMessage
}

/** Puts an inbox (newest first) into chats, the one written to last on top. */
export function chatsOf(inbox: readonly InboxMessage[]): PracticeChat[] {
  const chats = new Map<string, InboxMessage[]>()
  for (const message of inbox) {
    const chat = chats.get(message.to)
    if (chat === undefined) chats.set(message.to, [message])
    else chat.push(message)
  }
  return [...chats].flatMap(([number, [last, ...older]]) =>
    last === undefined ? [] : [{ number, last, messages: [last, ...older].toReversed() }],
  )
}
