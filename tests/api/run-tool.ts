import { execFile, spawnSync } from 'node:child_process'

/**
 * Whether a tool is there. What is absent on a reader's machine is left out with a notice; in CI, which
 * installs it, that is a failure.
 */
export function has(tool: string): boolean {
  const there = spawnSync(tool, ['--version'], { stdio: 'ignore' }).status === 0
  if (there) return true
  if (process.env['CI'] === 'true') throw new Error(`${tool} is needed in CI and not installed`)
  process.stderr.write(`${tool} is not installed: the calls that are made with it are left out\n`)
  return false
}

/** Runs a program to its end and answers what it printed; its standard input is `input`. */
export function run(tool: string, words: readonly string[], input = ''): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const child = execFile(
    tool,
    [...words],
    { timeout: 30_000, env: withoutProxy() },
    (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(new Error(`${tool} failed: ${stderr}${stdout}`, { cause: error }))
    },
  )
  child.stdin?.end(input)
  return promise
}

/** A proxy of the machine would be asked for 127.0.0.1. */
function withoutProxy(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/_proxy$/i.test(name)))
}
