/**
 * Runs a built preload before a page's own scripts, with the two modules that a sandboxed preload gets. What it
 * exposes cannot be replaced or changed by the page, as with contextBridge.
 */
export function preloadScript(preload: string): string {
  return `(() => {
  if (window !== window.top) return
  const listeners = new Map()
  const ipcRenderer = {
    invoke: (channel, ...words) => window.__fakeInvoke({ channel, words }),
    on(channel, listener) {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener])
      return this
    },
    off(channel, listener) {
      listeners.set(channel, (listeners.get(channel) ?? []).filter((one) => one !== listener))
      return this
    },
  }
  const freeze = (value) => {
    if (value !== null && typeof value === 'object') for (const one of Object.values(value)) freeze(one)
    return Object.freeze(value)
  }
  const contextBridge = {
    exposeInMainWorld(key, api) {
      Object.defineProperty(window, key, { value: freeze({ ...api }), enumerable: true })
    },
  }
  Object.defineProperty(window, '__fakeHear', {
    value: (channel, words) => {
      for (const listener of listeners.get(channel) ?? []) listener({}, ...words)
    },
  })
  const module = { exports: {} }
  const require = (name) => {
    if (name === 'electron') return { contextBridge, ipcRenderer }
    throw new Error('module not found: ' + name)
  }
  ;(function (module, exports, require) {
${preload}
  })(module, module.exports, require)
})()`
}
