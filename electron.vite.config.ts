import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const here = import.meta.dirname
/** What stays outside the bundles: the runtime itself, native code, and Baileys' optional peers. */
const external = ['electron', 'sharp', 'jimp', 'link-preview-js', 'bufferutil', 'utf-8-validate']

export default defineConfig({
  main: {
    build: {
      externalizeDeps: false,
      outDir: 'out/main',
      rollupOptions: {
        input: {
          desktop: resolve(here, 'src-main/desktop.ts'),
          headless: resolve(here, 'src-main/headless.ts'),
        },
        external,
      },
    },
  },
  preload: {
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
    plugins: [react()],
    build: {
      outDir: 'out/renderer',
      rollupOptions: { input: { window: resolve(here, 'src-renderer/index.html') } },
    },
  },
})
