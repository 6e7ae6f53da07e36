import manifest from '../../../package.json' with { type: 'json' }
import type { ExternalPage, ProgramInfo, ProgramStatus } from '../../../src-preload/contract.ts'
import type { Application } from '../../app/app.ts'
import { Failure } from '../../lib/failure.ts'
import { externalAddress, sourceAddress } from '../../window-assets/external-pages.ts'
import { done } from './devices-calls.ts'
import type { HandlersOf } from '../ipc.ts'
import { licences } from './read-licences.ts'
import { beginBackup, beginDiagnostics, prepareRestore, restore } from '../files/program-files.ts'
import type { Downloads } from '../files/downloads.ts'
import type { HostCapabilities } from '../host-platform.ts'
import { startupNotices } from './startup-notices.ts'
import type { Uploads } from '../files/uploads.ts'

export function programCalls(parts: {
  application: Application
  shell: HostCapabilities
  uploads: Uploads
  downloads: Downloads
}): HandlersOf<'program'> & HandlersOf<'updates'> {
  const { application, shell, uploads, downloads } = parts
  return {
    'program.backup': () => beginBackup(application, downloads),
    'program.prepareRestore': ({ uploadId }) =>
      uploads.with(uploadId, (file) => prepareRestore(application, file)),
    'program.restore': (request) => restore(application, shell, request),
    'program.cancelRestore': async ({ restoreId }) => done(await application.restores.cancel(restoreId)),
    'program.diagnostics': () => beginDiagnostics(application, downloads),
    'program.openDataFolder': async () => done(await shell.openDataFolder()),
    'program.openExternal': ({ page }) => openExternal(application, shell, page),
    'program.info': () => programInfo(application, shell),
    'program.status': () => programStatus(application),
    'program.notices': () => [...startupNotices(application), ...shell.takeNotices()],
    'program.licences': () => licences(),
    'updates.status': () => shell.updates.status(),
    'updates.check': () => shell.updates.check(),
    'updates.install': () => done(shell.updates.install()),
  }
}

export function programStatus({ messages, database, disk }: Application): ProgramStatus {
  const storage = database.health === 'ok' && disk.isLow ? 'full' : database.health
  return { paused: messages.paused, outbox: messages.queueDepth(), storage }
}

/** @throws Failure call_invalid where the page has no address in this run */
function openExternal(
  { api }: Application,
  shell: HostCapabilities,
  page: ExternalPage,
): Promise<string | null> {
  const running = api.status.state === 'running' ? api.address : null
  const address = externalAddress(page, { source: sourceAddress, api: running })
  if (address === null) throw new Failure('call_invalid', 'That page has no address in this run.')
  return shell.openExternal(address)
}

function programInfo(application: Application, shell: HostCapabilities): ProgramInfo {
  return {
    version: application.version,
    shell: shell.kind,
    platform: platformOf(process.platform),
    versions: versions(),
    dataFolder: application.dataFolder,
    systemLanguage: shell.systemLanguage,
    sealedBy: shell.sealedBy,
    loginItemProblem: shell.loginItemProblem(),
    sandbox: application.practice.sandbox !== null,
    customWhatsApp: shell.customWhatsApp,
    source: sourceAddress !== null,
    can: shell.can,
  }
}

function platformOf(platform: NodeJS.Platform): ProgramInfo['platform'] {
  return platform === 'win32' || platform === 'darwin' ? platform : 'linux'
}

function versions(): ProgramInfo['versions'] {
  const { electron, chrome, node, sqlite } = process.versions
  return [
    { name: 'Electron', version: electron },
    { name: 'Chromium', version: chrome },
    { name: 'Node.js', version: node },
    { name: 'SQLite', version: sqlite },
    { name: 'Baileys', version: manifest.devDependencies['@whiskeysockets/baileys'] },
  ].filter((entry): entry is { name: string; version: string } => entry.version !== undefined)
}
