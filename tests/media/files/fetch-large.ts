/** A process of its own that fetches one video and tells how far its memory grew meanwhile, in bytes. */
import { openMedia } from './open-media.ts'

await using room = await openMedia({ 'media.trustedHosts': 'localhost', 'media.maxVideoMiB': '100' })
const fetch = (url: string) =>
  room.media.fetch({ source: { url }, mediaType: 'video', fileName: null, voice: false })
// What is loaded once, sharp and undici among it, is not what one video costs.
await (await fetch(process.argv[2] ?? '')).release()

const before = process.memoryUsage().rss
let peak = before
const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 5)
const file = await fetch(process.argv[3] ?? '')
clearInterval(watch)
peak = Math.max(peak, process.memoryUsage().rss)
console.log(JSON.stringify({ bytes: file.bytes, grown: peak - before }))
await file.release()
