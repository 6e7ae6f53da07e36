/**
 * `npm run dev`: the program with a window that reloads as its source is edited. On Electron where that can be had;
 * else headless from source, the window served by vite, which passes the WebSocket on.
 *
 *   npm run dev [-- --sandbox and other options of headless]
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import react from '@vitejs/plugin-react'
import { createServer } from 'vite'
import { obstacleToDesktop } from './electron.ts'

const root = join(import.meta.dirname, '..')
const options = process.argv.slice(2)

const obstacle = options.includes('--headless') ? 'As asked' : obstacleToDesktop()
if (obstacle === null) run(join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js'), ['dev'])
else await developHeadless(`${obstacle}: developing headless.`)

function run(script: string, words: string[]) {
  const child = spawn(process.execPath, [script, ...words], { cwd: root, stdio: 'inherit' })
  child.on('exit', (code) => process.exit(code ?? 1))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill(signal))
  return child
}

async function developHeadless(because: string): Promise<void> {
  console.log(because)
  const folder = mkdtempSync(join(tmpdir(), 'kurir-dev-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const readyFile = join(folder, 'ready.json')
  run(join(root, 'src-main', 'headless', 'headless.ts'), [
    '--headless',
    '--ready-file',
    readyFile,
    ...options,
  ])
  while (!existsSync(readyFile)) await pause(50)
  const ready = JSON.parse(readFileSync(readyFile, 'utf8')) as { window: string }
  const window = new URL(ready.window)
  const server = await createServer({
    root: join(root, 'src-renderer'),
    configFile: false,
    plugins: [react()],
    server: {
      host: '127.0.0.1',
      proxy: {
        '/bridge': {
          target: window.origin.replace('http', 'ws'),
          ws: true,
          changeOrigin: true,
          // The program lets in its own window's origin alone; in development that is vite's.
          rewriteWsOrigin: true,
        },
      },
    },
  })
  await server.listen()
  const { port } = server.config.server
  console.log(`\n  Window, reloading as you edit: http://127.0.0.1:${port}/${window.hash}\n`)
}
