import { bridge } from './bridge.ts'

/** Hears when the program answers again after its line was lost: what it told meanwhile was missed. */
export function onReconnect(listener: () => void): () => void {
  let lost = false
  return bridge.onLink(() => {
    if (bridge.link === 'offline') lost = true
    if (bridge.link !== 'online' || !lost) return
    lost = false
    listener()
  })
}
