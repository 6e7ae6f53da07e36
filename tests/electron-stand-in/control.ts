import { app } from './app.ts'
import { browserWindows, nativeTheme } from './browser-window.ts'
import { answers, seen } from './machine.ts'
import type { Doing, FromProgram, ToProgram } from './protocol.ts'
import { powerMonitor } from './system.ts'
import { shownNotifications, tray } from './tray-and-menu.ts'

/** Lets the test drive what has no page, over Node's channel to a child. */
export function listenToTest(): void {
  process.on('message', ({ id, doing }: ToProgram) => {
    carryOut(doing)
    process.send?.({ id, seen } satisfies FromProgram)
  })
  // The test's end is the program's too.
  process.on('disconnect', () => process.exit(1))
}

function carryOut(doing: Doing): void {
  switch (doing.do) {
    case 'see':
      return
    case 'clickTray':
      return void tray().emit('click')
    case 'chooseInTray':
      return tray().menu.choose(doing.id)
    case 'clickNotification':
      return void shownNotifications[doing.index]?.emit('click')
    case 'closeWindow':
      return Array.from(browserWindows)[0]?.close()
    case 'quit':
      return app.quit()
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
