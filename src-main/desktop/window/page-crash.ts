import { dialog, type BrowserWindow } from 'electron'
import type { Logger } from '../../lib/logging/logger.ts'
import { afterPageGone } from '../lifecycle/crash-rules.ts'
import type { Texts } from '../i18n/texts.ts'

/** Watches a window's page: when it is gone it is loaded again once; the second time the operator is asked. */
export function watchPage(
  window: BrowserWindow,
  options: { log: Logger; texts: () => Texts; onReload: () => void; openAgain: () => void },
): void {
  let lastAt: number | null = null
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    const now = Date.now()
    const next = afterPageGone(lastAt, now)
    options.log.error({ reason, exitCode, next }, 'the window crashed')
    lastAt = now
    if (next === 'reload') {
      options.onReload()
      return window.webContents.reload()
    }
    window.destroy()
    void ask(options)
  })
}

async function ask({ texts, openAgain }: { texts: () => Texts; openAgain: () => void }): Promise<void> {
  const { title, detail, again, leave } = texts().dialogs.windowGone
  const { response } = await dialog.showMessageBox({
    type: 'error',
    title: 'Kurir',
    message: title,
    detail,
    buttons: [again, leave],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  })
  if (response === 0) openAgain()
}
