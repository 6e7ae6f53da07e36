import { readFile } from 'node:fs/promises'
import { release } from 'node:os'
import { join } from 'node:path'
import type { Application } from './app.ts'
import { withoutSecrets } from '../lib/logging/redact-secrets.ts'
import { settingSchemas, type SettingName } from '../storage/settings/settings-schema.ts'

const recentLines = 200
const eventsPerDevice = 50

/**
 * What helps to find a fault: versions, states, counts, recent errors. No secret, number, name or text: devices are
 * numbered, and of settings that hold addresses only their count is told.
 */
export async function diagnosticsOf(application: Application): Promise<object> {
  const { api, database, devices, keys, messages, practice, version } = application
  return {
    madeAt: new Date().toISOString(),
    versions: { kurir: version, ...process.versions },
    system: { platform: process.platform, arch: process.arch, release: release() },
    process: { uptimeSeconds: Math.round(process.uptime()), memory: process.memoryUsage() },
    storage: { health: database.health, damagedFileSetAside: database.quarantine !== null },
    api: { state: api.status.state, code: api.status.state === 'failed' ? api.status.failure.code : null },
    sandboxRuns: practice.sandbox !== null,
    messages: { waiting: messages.queueDepth(), paused: messages.paused },
    keys: { count: keys.list().length, wrongAttempts: keys.wrong().count },
    devices: devices.list().map((device, index) => ({
      device: index + 1,
      kind: device.kind,
      paired: device.paired,
      state: withoutPairingSecrets(device.state),
      stateSince: device.stateSince,
      timeLocked: device.timeLock !== null,
      history: devices.history(device.id, { limit: eventsPerDevice }),
    })),
    settings: settingsWithoutAddresses(application),
    recentLog: await recentLog(application.dataFolder),
  }
}

function withoutPairingSecrets(state: { name: string; reason?: unknown; attempt?: unknown }): object {
  const { name, reason, attempt } = state
  return { name, reason, attempt }
}

function settingsWithoutAddresses({ settings }: Application): object {
  const names = Object.keys(settingSchemas) as SettingName[]
  return Object.fromEntries(
    names.map((name) => {
      if (name === 'network.proxy') return [name, withoutPlace(settings.get(name))]
      const value = settings.get(name)
      return [name, Array.isArray(value) ? `${value.length} entries` : value]
    }),
  )
}

/** Of a proxy's address only of which kind it is. */
function withoutPlace(proxy: string): string {
  return proxy.replace(/:\/\/.*/s, '://…')
}

async function recentLog(folder: string): Promise<string[]> {
  const file = join(folder, 'kurir.log')
  const newest = await linesOf(file)
  // The log may have been begun anew a moment ago.
  const older = newest.length < recentLines ? await linesOf(`${file}.1`) : []
  return [...older, ...newest].slice(-recentLines).map((line) => withoutSecrets(withoutNames(line)))
}

async function linesOf(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text.split('\n').filter((line) => line !== '')
}

/** Fields of the log that the operator chose, or that name the PC's user: keys by their names, and paths. */
const personal = new Set(['keyName', 'kept'])

function withoutNames(line: string): string {
  try {
    return JSON.stringify(JSON.parse(line), (name, value: unknown) =>
      personal.has(name) && value !== null ? '…' : value,
    )
  } catch {
    // Cut off by a crash: what it would say is not worth the risk.
    return ''
  }
}
