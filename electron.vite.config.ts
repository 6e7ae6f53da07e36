import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import { licencesOfBundle } from './scripts/licences.ts'

const here = import.meta.dirname
/** What stays outside the bundles: the runtime itself, native code, and Baileys' optional peers. */
const external = ['electron', 'sharp', 'jimp', 'link-preview-js', 'bufferutil', 'utf-8-validate']

/** `[name]` is the bundler's own choice. */
function chunkName(moduleIds: readonly string[]): string {
  const has = (path: string): boolean => moduleIds.some((id) => id.includes(`/node_modules/${path}/`))
  if (has('@whiskeysockets/baileys')) return 'whatsapp-protocol'
  return has('ws') ? 'websocket' : '[name]'
}

export default defineConfig({
  main: {
    plugins: [licencesOfBundle({ root: here, first: true })],
    // Baileys brings an older one of its own, which only looks at sound that comes without its length.
    resolve: { dedupe: ['music-metadata', 'file-type'] },
    build: {
      externalizeDeps: false,
      outDir: 'out/main',
      rollupOptions: {
        input: {
          desktop: resolve(here, 'src-main/desktop/desktop.ts'),
          headless: resolve(here, 'src-main/headless/headless.ts'),
          // Started as a thread and as processes, by their files' names.
          'inspection-process': resolve(here, 'src-main/media/inspection/inspection-process.ts'),
          'rebuild-process': resolve(here, 'src-main/storage/backup/rebuild-process.ts'),
          'audio-worker': resolve(here, 'src-main/media/audio/audio-worker.ts'),
        },
        external,
        // Koa's `depd` makes functions of texts; nothing that comes from outside is ever in them.
        checks: { eval: false },
        // All in one folder, so that a bundle finds the window and the preload from wherever its code ended up.
        // Names are kept, so that a stack in the log can be read.
        output: {
          // Baileys' has a name that the stack of an error inside it is known by (devices/baileys/process/library-errors.ts).
          chunkFileNames: ({ moduleIds }) => `${chunkName(moduleIds)}-[hash].js`,
          minify: { compress: true, mangle: { keepNames: true }, codegen: { removeWhitespace: true } },
        },
      },
    },
  },
  preload: {
    plugins: [licencesOfBundle({ root: here, first: false })],
    build: {
      externalizeDeps: false,
      outDir: 'out/preload',
      rollupOptions: {
        input: { preload: resolve(here, 'src-preload/preload.ts') },
        external: ['electron'],
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src-renderer',
    plugins: [react(), licencesOfBundle({ root: here, first: false })],
    build: {
      outDir: 'out/renderer',
      minify: true,
      rollupOptions: { input: { window: resolve(here, 'src-renderer/index.html') } },
    },
  },
})
