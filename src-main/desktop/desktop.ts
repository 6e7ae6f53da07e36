import { join } from 'node:path'
import { app } from 'electron'
import { startDesktop } from './lifecycle/start-desktop.ts'

const main = import.meta.dirname

startDesktop({
  main,
  renderer: join(main, '..', 'renderer'),
  resources: join(app.getAppPath(), 'resources'),
})
