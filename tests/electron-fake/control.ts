import { rmSync, writeFileSync } from 'node:fs'
import { app, event } from './app.ts'
import { endSession } from './base-window.ts'
import { browserWindows, nativeTheme } from './browser-window.ts'
import { answers, machine, seen } from './machine.ts'
import type { Doing, FromProgram, ToProgram } from './protocol.ts'
import { powerMonitor } from './system.ts'
import { shownNotifications, tray } from './tray-and-menu.ts'

/** Milliseconds between the question and the end: other programs are asked, too. */
const otherProgramsTakeMs = 3_000

/** Lets the test drive what has no page, over Node's channel to a child. */
export function listenToTest(): void {
  process.on('message', ({ id, doing }: ToProgram) => {
    carryOut(doing)
    process.send?.({ id, seen } satisfies FromProgram)
  })
  // The test's end is the program's too.
  process.on('disconnect', () => process.exit(1))
}

function setTrayHost(present: boolean): void {
  machine.trayHost = present
  const file = process.env['KURIR_STAND_IN_TRAY_HOST'] ?? ''
  if (present) writeFileSync(file, '')
  else rmSync(file, { force: true })
}

function pressKey(input: Partial<Electron.Input> & { key: string }): void {
  const pressed = event()
  const whole = { type: 'keyDown', control: false, meta: false, alt: false, shift: false, ...input }
  Array.from(browserWindows)[0]?.webContents.emit('before-input-event', pressed, whole)
  if (pressed.defaultPrevented) seen.preventedKeys.push(input.key)
}

function carryOut(doing: Doing): void {
  switch (doing.do) {
    case 'see':
      return
    case 'clickTray':
      return tray().click()
    case 'chooseInTray':
      return tray().menu.choose(doing.id)
    case 'clickNotification':
      return void shownNotifications[doing.index]?.emit('click')
    case 'closeWindow':
      return Array.from(browserWindows)[0]?.close()
    case 'quit':
      return app.quit()
    case 'endSession':
      return endSession(doing.cancelled, otherProgramsTakeMs)
    case 'contextMenu':
      return void Array.from(browserWindows)[0]?.webContents.emit('context-menu', event(), doing.params)
    case 'pressKey':
      return pressKey(doing.input)
    case 'failNotification':
      return void shownNotifications[doing.index]?.emit('failed', event(), doing.error)
    case 'setTrayHost':
      return setTrayHost(doing.present)
    case 'power':
      return void powerMonitor.emit(doing.event)
    case 'dark':
      return nativeTheme.setSystem(doing.dark)
    case 'answerMessageBox':
      answers.messageBox = doing.response
      return
    case 'answerSaveDialog':
      answers.saveDialog = doing.path
      return
    case 'throw':
      setImmediate(() => {
        throw new Error(doing.message)
      })
      return
    case 'send':
      return Array.from(browserWindows)[0]?.webContents.send(doing.channel, ...doing.words)
  }
}
