import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startApplication, type Application, type ApplicationOptions } from '../../src-main/app/app.ts'
import type { InboxMessage, Sandbox } from '../../src-main/sandbox/sandbox.ts'
import { confStore } from '../../src-main/storage/settings/settings-store.ts'

export const sender = '6285500000000'
export const recipient = '6285500000500'

/** The whole program with its practice WhatsApp, one device paired, in this process. */
export interface RealApplication {
  readonly application: Application
  readonly sandbox: Sandbox
  readonly url: string
  readonly port: number
  readonly key: string
  readonly folder: string
  /** What recipients have received, by number. */
  inbox(number?: string): InboxMessage[]
  stop(): Promise<void>
}

export async function startReal(
  settingOverrides: Record<string, string> = {},
  options: Pick<ApplicationOptions, 'readSpace'> = {},
): Promise<RealApplication> {
  const folder = await mkdtemp(join(tmpdir(), 'kurir-api-'))
  const application = await startApplication({
    dataFolder: folder,
    shell: 'headless',
    dataKey: () => Promise.resolve(randomBytes(32)),
    settingsStore: confStore,
    settingOverrides: { 'api.port': '0', ...settingOverrides },
    sandbox: true,
    whatsappUrl: null,
    extraCertificates: [],
    version: '0.0.0-test',
    ...options,
  })
  const { status } = application.api
  const { sandbox } = application.practice
  if (status.state !== 'running' || sandbox === null) throw new Error('the application did not start whole')
  return {
    application,
    sandbox,
    url: `http://127.0.0.1:${String(status.port)}`,
    port: status.port,
    key: await application.keys.sandboxSecret(),
    folder,
    inbox: (number) => sandbox.inbox(number ?? null),
    stop: async () => {
      await application.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
