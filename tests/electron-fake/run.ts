/**
 * Runs the built program on the stand-in, as `electron ROOT …` would:
 *
 *   node run.ts MAIN [words for the program …]
 */
import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import { becomeReady } from './app.ts'
import { connect } from './browser.ts'
import { listenToTest } from './control.ts'
import { machine } from './machine.ts'
import { electronAccepts } from './windows-command-line.ts'

const fake = pathToFileURL(join(import.meta.dirname, 'electron.ts')).href
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' || specifier.startsWith('electron/')
      ? { url: fake, shortCircuit: true }
      : next(specifier, context),
})

const [, , main = '', ...words] = process.argv
process.argv = [process.execPath, machine.root, ...words]
// What electron_main_win.cc does before anything of the program runs.
if (machine.platform === 'win32' && !electronAccepts(words)) process.exit(255)
listenToTest()
await connect()
Object.defineProperty(process, 'platform', { value: machine.platform })
Object.defineProperty(process, 'resourcesPath', { value: join(machine.root, 'resources') })
await import(pathToFileURL(main).href)
becomeReady()
