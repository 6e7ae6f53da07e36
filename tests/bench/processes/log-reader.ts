/** The whole application in a process of its own, without its shell, asked for pages of its log. */
import { startApplication } from '../../../src-main/app/app.ts'
import { dataKeyFromFile } from '../../../src-main/headless/data-key-file.ts'
import { confStore } from '../../../src-main/storage/settings/settings-store.ts'
import { serve } from '../child.ts'
import { failureEvery, rowText } from '../rows.ts'

/** So many rows a window asks for at a time. */
const page = 100

const { folder } = JSON.parse(process.argv[2] ?? '') as { folder: string }
const application = await startApplication({
  dataFolder: folder,
  shell: 'headless',
  dataKey: dataKeyFromFile,
  settingsStore: confStore,
  settingOverrides: { 'api.port': '0' },
  sandbox: false,
  whatsappUrl: null,
  extraCertificates: [],
  version: '0.0.0',
})
const { messages } = application
await messages.indexed()
const newest = messages.range()?.newest ?? 0
const deviceIds = [...new Set(messages.list({ limit: 200 }).map(({ deviceId }) => deviceId))]

/** What is looked for lies anywhere in the log, and is something else each time. */
function pages(index: number): Parameters<typeof messages.list>[0] {
  const before = 1 + Math.floor(newest * part(index))
  const filters = [
    {},
    { deviceId: deviceIds[index % deviceIds.length] ?? null },
    { keyName: `till ${index % 4}` },
    { states: ['failed'] as const },
  ]
  const filter = filters[index % filters.length] ?? {}
  // Pages are full in a short log too, which has just about one of failures.
  const rowsOfPage = filter.states === undefined ? page * 2 : page * failureEvery + 1
  return { before: Math.max(before, rowsOfPage), limit: page, ...filter }
}

function searches(index: number): Parameters<typeof messages.list>[0] {
  const row = 1 + Math.floor(newest * part(index))
  const words = rowText(row).split(/[\s,.:]+/)
  const kinds = [
    `INV-${row}`,
    words[1] ?? '',
    `${words[1]} ${words[6]}`,
    `0812${String(row).padStart(4, '0').slice(-4)}`,
  ]
  return { limit: page, search: kinds[index % kinds.length] ?? '' }
}

serve(async ({ ask, count, from }: { ask: 'page' | 'search'; count: number; from: number }) => {
  const took: number[] = []
  for (let index = from; index < from + count; index++) {
    const filter = ask === 'page' ? pages(index) : searches(index)
    const began = performance.now()
    messages.list(filter)
    took.push(performance.now() - began)
    await new Promise(setImmediate)
  }
  return took
})
process.once('SIGTERM', () => void application.stop().then(() => process.exit(0)))
process.send?.({ answer: newest })

/** A place from 0 to 1 that is the same in every run. */
function part(index: number): number {
  return (index * 0.618_033_988_749_895) % 1
}
