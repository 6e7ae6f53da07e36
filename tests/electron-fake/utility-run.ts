/** Runs a module as Electron's utility process would: `node utility-run.ts MODULE [words …]`. */
import { pathToFileURL } from 'node:url'

const [, , modulePath = '', ...words] = process.argv
process.argv = [process.execPath, modulePath, ...words]
Object.defineProperty(process, 'versions', { value: { ...process.versions, electron: '45.5.0' } })
Object.defineProperty(process, 'parentPort', {
  value: {
    on: (event: 'message', listener: (event: { data: unknown }) => void) =>
      process.on(event, (data) => listener({ data })),
    postMessage: (message: object) => process.send?.(message),
  },
})
process.on('disconnect', () => process.exit(0))
await import(pathToFileURL(modulePath).href)
