import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { app, dialog, session } from 'electron'
import { Failure } from '../../lib/failure.ts'
import type { CommandLine } from '../../headless/terminal/command-line.ts'
import { settleDataFolder } from '../../headless/settle-data-folder.ts'
import { pageFiles, type PageAnswer } from '../../window-assets/page-files.ts'
import { dataFolderInUse } from '../../storage/data-folder/move-data-folder.ts'
import { declareAppScheme, serveAppScheme } from '../window/app-scheme.ts'
import { startupErrorMessage } from './startup-error.ts'
import { filesFromVite } from '../window/dev-page.ts'
import { watchMain } from './main-crash.ts'
import { denyNavigation } from '../window/deny-navigation.ts'
import { denyPermissions } from '../window/deny-permissions.ts'
import type { runInTray } from './run-in-tray.ts'
import { isOnlyInstance } from '../system/single-instance.ts'
import { readStartOptions, type StartOptions } from './start-options.ts'
import { textsFor, type Texts } from '../i18n/texts.ts'
import { identifyOnWindows } from '../system/windows-identity.ts'

/** Where things are in what was built. */
export interface Places {
  /** The folder of the main bundle, out/main. */
  main: string
  /** The built window. */
  renderer: string
  /** Pictures: of the tray, and of the program. */
  resources: string
}

/**
 * The desktop application, from the first line to the tray. What has to be settled before Electron is ready is
 * settled here, synchronously; the application itself is loaded only by the one instance that runs.
 */
export function startDesktop(places: Places): void {
  identifyOnWindows(app)
  const given = optionsOrEnd()
  if (given === null) return
  if (given.quit) return quitRunning(given.commandLine)
  const options = settled(given)
  // Where the AppImage's AppRun had to switch it off, the process that pages are forked from runs without it already;
  // enableSandbox() would take the word back too late (electron: electron_api_app.cc). The window asks for it anyway.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  declareAppScheme()
  if (!keepEverythingIn(options.commandLine.dataFolder)) return
  const shown = Promise.withResolvers<() => void>()
  const showWindow = (): void => void shown.promise.then((show) => show())
  if (!isOnlyInstance(app, showWindow)) return app.exit(0)
  watchMain(app, {
    dataFolder: options.commandLine.dataFolder,
    restartedAt: options.restartedAt,
    onFailedAgain: (file) => printAndExit((texts) => texts.dialogs.crashedAgain(file)),
  })
  denyNavigation(app)
  // The window's end is not the program's: it lives in the tray.
  app.on('window-all-closed', () => undefined)
  // Loaded while Electron itself gets ready.
  const loaded = import('./run-in-tray.ts')
  app
    .whenReady()
    .then(() => run(options, places, loaded))
    .then(shown.resolve, (error: unknown) => endBecause(error, options.commandLine.dataFolder))
}

async function run(
  options: StartOptions,
  places: Places,
  loaded: Promise<{ runInTray: typeof runInTray }>,
): Promise<() => void> {
  denyPermissions(session.defaultSession)
  serveAppScheme(session.defaultSession, windowFiles(places))
  const { runInTray } = await loaded
  return runInTray(options, places)
}

/** As built; from vite where `npm run dev` says so, which a packaged program never heeds. */
function windowFiles(places: Places): (path: string) => Promise<PageAnswer> {
  const vite = process.env['ELECTRON_RENDERER_URL']
  return vite === undefined || app.isPackaged ? pageFiles(places.renderer) : filesFromVite(vite)
}

function optionsOrEnd(): StartOptions | null {
  try {
    return readStartOptions(process.argv.slice(1), process.env)
  } catch (error) {
    endBecause(error, null)
    return null
  }
}

/** Ends the program that runs on that folder: it is told by the start of a second. Nothing is moved, made or opened. */
function quitRunning({ dataFolder, earlierDataFolder }: CommandLine): void {
  const folder = earlierDataFolder === null ? dataFolder : dataFolderInUse(dataFolder, earlierDataFolder)
  if (existsSync(folder) && keepEverythingIn(folder)) app.requestSingleInstanceLock()
  app.exit(0)
}

/** On the data folder of this run, after what earlier versions kept elsewhere was moved. */
function settled(options: StartOptions): StartOptions {
  const { commandLine, staysBecause } = settleDataFolder(options.commandLine, 'desktop')
  return { ...options, commandLine, dataStaysBecause: staysBecause }
}

/** The folder looks like a cache, and is none. */
const whatBrowserHolds = `This folder belongs to Kurir's window. Do not remove it, and take it along in backups of the whole
data folder: on Windows the file "Local State" in it holds the key that the links with your phones are locked with.
`

/** Chromium's own files go into the data folder too, so that instances are told apart by it. */
function keepEverythingIn(dataFolder: string): boolean {
  const browser = join(dataFolder, 'browser')
  try {
    mkdirSync(browser, { recursive: true, mode: 0o700 })
    writeFileSync(join(browser, 'README.txt'), whatBrowserHolds, { mode: 0o600 })
    app.setPath('userData', dataFolder)
    app.setPath('sessionData', browser)
    return true
  } catch (error) {
    endBecause(
      new Failure('data_folder_unwritable', `The data folder ${dataFolder} cannot be written.`, {
        cause: error,
      }),
      dataFolder,
    )
    return false
  }
}

/** @param dataFolder null where the options could not be read */
function endBecause(error: unknown, dataFolder: string | null): void {
  if (!(error instanceof Failure)) throw error
  printAndExit((texts) => startupErrorMessage(error, texts, dataFolder))
}

/**
 * Before Electron is ready, Linux shows no dialog (it is written to stderr, which nobody reads who clicked an icon), and
 * the system's language is not known but on macOS.
 */
function printAndExit(sentence: (texts: Texts) => string): void {
  void app.whenReady().then(() => {
    const texts = textsFor('system', app.getLocale())
    dialog.showErrorBox(texts.dialogs.cannotStart, sentence(texts))
    app.exit(1)
  })
}
