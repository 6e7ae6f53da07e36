import { readFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')

/** What a reader must know of the run, a line each. */
export function machineLines(options: { quick: boolean; rounds: number }): string[] {
  const processors = cpus()
  const lines = [
    `${processors.length} × ${processors[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${kernel()}`,
    `Node ${process.versions.node}, V8 ${process.versions.v8}, SQLite ${process.versions.sqlite ?? 'unknown'}`,
    `Kurir ${versionOf('.')}, Baileys ${versionOf('node_modules/@whiskeysockets/baileys')}, libsignal ${versionOf('node_modules/libsignal')}, Koa ${versionOf('node_modules/koa')}`,
    `${options.rounds} pairs${options.quick ? ', --quick' : ''}; load of the machine before the run ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}`,
  ]
  return lines
}

function kernel(): string {
  return readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim()
}

function versionOf(folder: string): string {
  const text = readFileSync(join(root, folder, 'package.json'), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
