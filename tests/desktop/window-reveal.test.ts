import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { revealOnce } from '../../src-main/desktop/window/window-reveal.ts'

class SomeWindow extends EventEmitter {
  readonly webContents = new EventEmitter()
  readonly calls: string[] = []
  destroyed = false
  isDestroyed = (): boolean => this.destroyed
  maximize = (): void => void this.calls.push('maximize')
  show = (): void => void this.calls.push('show')
}

let window: SomeWindow
const begin = (maximized = false): void =>
  revealOnce(window as unknown as Parameters<typeof revealOnce>[0], maximized)

beforeEach(() => {
  vi.useFakeTimers()
  window = new SomeWindow()
})

afterEach(() => vi.useRealTimers())

test.each(['ready-to-show', 'did-finish-load'])('B1: a window is shown at %s, and once', (event) => {
  begin()
  for (const emitter of [window, window.webContents]) emitter.emit(event)
  expect(window.calls).toEqual(['show'])
  window.emit('ready-to-show')
  window.webContents.emit('did-finish-load')
  vi.advanceTimersByTime(60_000)
  expect(window.calls).toEqual(['show'])
})

test('B1: a window of which nothing is heard is shown after two seconds', () => {
  begin()
  vi.advanceTimersByTime(1_999)
  expect(window.calls).toEqual([])
  vi.advanceTimersByTime(1)
  expect(window.calls).toEqual(['show'])
})

test('B1: a window is maximised no sooner than it is shown', () => {
  begin(true)
  expect(window.calls).toEqual([])
  window.emit('ready-to-show')
  expect(window.calls).toEqual(['maximize', 'show'])
})

test('a window that was closed meanwhile is left alone', () => {
  begin()
  window.destroyed = true
  vi.advanceTimersByTime(60_000)
  expect(window.calls).toEqual([])
})
