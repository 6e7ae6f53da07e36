import { execFile } from 'node:child_process'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import { basename } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
/** Milliseconds for the system's own tools. */
const deadlineMs = 2_000

/** The name of the program that listens on a port of this PC; null where that cannot be told. */
export async function portHolder(port: number): Promise<string | null> {
  try {
    if (process.platform === 'linux') return await holderOnLinux(port)
    return process.platform === 'win32' ? await holderOnWindows(port) : await holderOnMac(port)
  } catch {
    // Another user's program, or a tool that is missing: the port is taken all the same, by nobody known.
    return null
  }
}

/** A port near that one which can be opened now; null when twenty are taken. */
export async function freePortAfter(port: number): Promise<number | null> {
  for (let candidate = port + 1; candidate <= Math.min(port + 20, 65_535); candidate += 1) {
    if (await canListen(candidate)) return candidate
  }
  return null
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })
}

/** The listening socket's inode is in /proc/net/tcp, and among its holder's descriptors (proc(5)). */
async function holderOnLinux(port: number): Promise<string | null> {
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8')))
  const inodes = tables.flatMap((table) => listeningInodes(table, port))
  if (inodes.length === 0) return null
  const targets = new Set(inodes.map((inode) => `socket:[${inode}]`))
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(processes.map((id) => holdsOneOf(id, targets)))
  const holder = processes.find((_, index) => found[index])
  if (holder === undefined) return null
  // Not what the process is called in /proc/…/comm: Node calls itself MainThread there.
  return basename(await readlink(`/proc/${holder}/exe`)).replace(/ \(deleted\)$/, '')
}

/** Inodes of sockets in state LISTEN (0A) on that port, from the text of /proc/net/tcp. */
export function listeningInodes(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(suffix) && columns[3] === '0A')
    .flatMap((columns) => columns[9] ?? [])
}

async function holdsOneOf(processId: string, targets: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${processId}/fd`
  // Other users' descriptors cannot be read, and a process may end while it is looked at.
  const descriptors = await readdir(folder).catch(() => [])
  const links = await Promise.all(descriptors.map((name) => readlink(`${folder}/${name}`).catch(() => '')))
  return links.some((link) => targets.has(link))
}

/** A program of the console opens a window of its own where the one that starts it has none. */
const hidden = { timeout: deadlineMs, windowsHide: true }

async function holderOnWindows(port: number): Promise<string | null> {
  const { stdout } = await run('netstat', ['-ano', '-p', 'tcp'], hidden)
  const line = stdout.split('\n').find((line) => line.includes(`:${port} `) && line.includes('LISTENING'))
  const processId = line?.trim().split(/\s+/).at(-1)
  if (processId === undefined) return null
  const filter = ['/fi', `pid eq ${processId}`, '/fo', 'csv', '/nh']
  const { stdout: task } = await run('tasklist', filter, hidden)
  return /^"([^"]+)"/.exec(task)?.[1] ?? null
}

async function holderOnMac(port: number): Promise<string | null> {
  const { stdout } = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fc'], {
    timeout: deadlineMs,
  })
  return /^c(.+)$/m.exec(stdout)?.[1] ?? null
}
