import { execFile } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually, startProgram, type Program } from '../support/program.ts'

const run = promisify(execFile)
let program: Program

beforeAll(async () => {
  program = await startProgram({ args: ['--sandbox'] })
})
afterAll(async () => {
  await program.stop()
})

async function inbox(number: string): Promise<{ text: string; from: string; id: string }[]> {
  const answer = await fetch(`${program.ready.sandbox!.control}/inbox?number=${number}`)
  return (await answer.json()) as { text: string; from: string; id: string }[]
}

/** The curl line as printed where there is no terminal, the key put in, its quotes taken off as a shell would. */
async function curlLine(): Promise<string[]> {
  const line = await eventually(() => /^\s*curl .*$/m.exec(program.output()))
  return line[0]
    .trim()
    .split(' ')
    .slice(1)
    .map((word) => word.replace(/^'|'$/g, '').replace('api_key=KEY', `api_key=${program.ready.apiKey}`))
}

test('the printed curl line sends a message that the practice recipient decrypts', async () => {
  const { stdout } = await run('curl', ['-s', ...(await curlLine())])
  expect(JSON.parse(stdout)).toMatchObject({ status: true, msg: 'Message sent successfully!' })
  const [received] = await eventually(async () => {
    const messages = await inbox('6285500000500')
    return messages.length > 0 && messages
  })
  expect(received).toMatchObject({ from: program.ready.sandbox!.sender })
  expect(received!.text).not.toBe('')
})

test('neither the window’s token nor the key is printed where there is no terminal', async () => {
  await curlLine()
  expect(program.output()).not.toContain(String(program.ready.apiKey))
  expect(program.output()).not.toContain(new URL(String(program.ready.window)).hash)
  expect(program.output()).toContain(new URL(String(program.ready.window)).origin)
  expect(program.output()).toContain(join(program.folder, 'ready.json'))
})

test('the ready file is for its owner alone and names everything a script needs', () => {
  expect(statSync(join(program.folder, 'ready.json')).mode & 0o777).toBe(0o600)
  expect(program.ready).toMatchObject({
    pid: program.process.pid,
    api: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    apiKey: expect.stringMatching(/^kurir_/),
    sandbox: {
      sender: '6285500000000',
      control: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    },
  })
})

test('after SIGTERM and a new start the device is connected without pairing, the key works and the log is there', async () => {
  const { api, apiKey } = program.ready
  const before = await fetch(
    `${api}/send-message?api_key=${apiKey}&sender=6285500000000&number=085500000501&message=before`,
  )
  const { id } = (await before.json()) as { id: string }

  expect(await program.stop()).toBe(0)
  program = await startProgram({ folder: program.folder, args: ['--sandbox'] })

  expect(program.ready.apiKey).toBe(apiKey)
  const kept = await fetch(`${program.ready.api}/messages/${id}?api_key=${apiKey}`)
  expect(await kept.json()).toMatchObject({ status: true })
  const after = await fetch(
    `${program.ready.api}/send-message?api_key=${apiKey}&sender=6285500000000&number=085500000501&message=after`,
  )
  expect(await after.json()).toMatchObject({ status: true })
  const texts = await eventually(async () => {
    const received = (await inbox('6285500000501')).map((message) => message.text)
    return received.includes('after') && received
  })
  expect(texts.sort()).toEqual(['after', 'before'])
})
