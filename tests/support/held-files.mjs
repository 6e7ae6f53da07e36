// Preloaded into the program: for the first moments each rename is refused as Windows refuses it while an antivirus
// program looks into a file. HELD_MS says for how long, HELD_CODE with which code.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const heldMs = Number(process.env.HELD_MS)
const code = process.env.HELD_CODE ?? 'EPERM'
const firstTried = new Map()
const { renameSync } = fs
const { rename } = fs.promises

function refuseAtFirst(to) {
  const name = String(to)
  const now = performance.now()
  if (!firstTried.has(name)) firstTried.set(name, now)
  if (now - firstTried.get(name) >= heldMs) return
  throw Object.assign(new Error(`${code}: operation not permitted, rename '${name}'`), {
    code,
    syscall: 'rename',
  })
}

fs.renameSync = (from, to) => {
  refuseAtFirst(to)
  renameSync(from, to)
}
fs.promises.rename = async (from, to) => {
  refuseAtFirst(to)
  await rename(from, to)
}
syncBuiltinESMExports()
