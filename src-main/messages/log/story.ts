import type { MessageState, StateChange } from '../message.ts'
import { stateNumber, stateOfNumber } from '../message-state.ts'

/**
 * A row's story is kept in the row itself, a line a change: the state's number, the milliseconds since the
 * row was made, and a note: `1 12 sent again after the line dropped`. That it was queued first is not written.
 */
export function storyLine(state: MessageState, note: string | null): { before: string; after: string } {
  const words = note === null ? '' : ` ${note.replaceAll(/\s+/g, ' ').slice(0, 500)}`
  return { before: `${stateNumber(state)} `, after: `${words}\n` }
}

/** The story as it was written, from the first line to the last. */
export function readStory(createdAt: number, written: string): StateChange[] {
  const story: StateChange[] = [{ state: 'queued', at: createdAt, note: null }]
  for (const line of written.split('\n')) {
    const match = /^(\d) (-?\d+)(?: (.*))?$/.exec(line)
    if (match === null) continue
    const [, state, offset, note] = match
    story.push({ state: stateOfNumber(Number(state)), at: createdAt + Number(offset), note: note ?? null })
  }
  return story
}
