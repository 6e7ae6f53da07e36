import { registerHooks } from 'node:module'
import type Sharp from 'sharp'

type SharpModule = typeof Sharp

let loading: Promise<SharpModule> | undefined

/**
 * sharp, loaded by the first picture: it is native code of some MiB, and many shops send only texts.
 *
 * On Electron for Linux its WebAssembly build is taken: the native one brings a glib of its own, which clashes with
 * the glib that Electron links, and ends the process or leaks every object
 * (https://sharp.pixelplumbing.com/install#electron-and-linux, lovell/sharp#4525). Packages for Linux leave the native
 * build out; a run from source has both. Processors that the native build refuses get WebAssembly by sharp's own loader.
 */
export function loadSharp(): Promise<SharpModule> {
  if (loading === undefined && isElectronOnLinux()) hideNativeBuild()
  loading ??= import('sharp').then(({ default: sharp }) => {
    // One thread a picture and no cache: the cores are the shop's, and no file comes twice.
    sharp.concurrency(1)
    sharp.cache(false)
    return sharp
  })
  return loading
}

function isElectronOnLinux(): boolean {
  return process.platform === 'linux' && process.versions['electron'] !== undefined
}

/** sharp's loader takes `@img/sharp-wasm32` where it finds no `@img/sharp-linux…`. */
function hideNativeBuild(): void {
  registerHooks({
    resolve: (specifier, context, nextResolve) => {
      if (!/^@img\/sharp-(?:libvips-)?linux/.test(specifier)) return nextResolve(specifier, context)
      throw Object.assign(new Error(`${specifier} is not used on Electron for Linux`), {
        code: 'MODULE_NOT_FOUND',
      })
    },
  })
}
