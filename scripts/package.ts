/**
 * Makes packages of this platform in dist/, signed where there is a certificate (scripts/signing.ts); what is not signed
 * works, and is said in dist/signing-SYSTEM-ARCH.txt.
 *
 *   node scripts/package.ts --linux [AppImage deb] | --win | --mac  [--x64 | --arm64]
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { signingEnvironment } from './signing.ts'

const root = join(import.meta.dirname, '..')
const words = process.argv.slice(2)
const { env, signing } = signingEnvironment(process.env, process.platform)

run(join('scripts', 'build.ts'), ['--when-stale'])
run(join('node_modules', 'electron-builder', 'cli.js'), [...words, '--publish', 'never'])
const arch = words.find((word) => word === '--x64' || word === '--arm64')?.slice(2) ?? process.arch
const said = `Packages for ${process.platform}, ${arch}: ${signing}.`
mkdirSync(join(root, 'dist'), { recursive: true })
writeFileSync(join(root, 'dist', `signing-${process.platform}-${arch}.txt`), `${said}\n`)
console.log(said)

function run(script: string, words: string[]): void {
  const finished = spawnSync(process.execPath, [join(root, script), ...words], {
    cwd: root,
    env,
    stdio: 'inherit',
  })
  if (finished.status !== 0) process.exit(finished.status ?? 1)
}
