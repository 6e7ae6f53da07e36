import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { uploadLine } from '../../src-main/api/reference/docs-page.ts'
import { keyPlaceholder, snippets, type Snippet } from '../../src-main/api/reference/snippets.ts'
import { routes } from '../../src-main/api/routes/routes.ts'
import { recipient, sender, startReal, type RealApplication } from './real-application.ts'
import { has, run } from './run-tool.ts'

let real: RealApplication
let folder: string
beforeAll(async () => {
  real = await startReal()
  folder = await mkdtemp(join(tmpdir(), 'kurir-snippets-'))
})
afterAll(async () => {
  await real.stop()
  await rm(folder, { recursive: true, force: true })
})

let counter = 0
const plain = () => `Halo dari Kurir ${String((counter += 1))}`
/** All that ends a text or means something in one of the languages. */
const nasty = () => `${plain()}: 'a' "b" \\n $HOME \${x} %d {y} \`id\` <?php ?>\n😀\u2028!`

function snippetFor(language: Snippet['language'], message: string): string {
  const parameters = { api_key: real.key, sender, number: recipient, message }
  return snippets(real.url, '/send-message', parameters).find((one) => one.language === language)?.code ?? ''
}

async function runFile(tool: string, name: string, code: string): Promise<string> {
  const file = join(folder, name)
  await writeFile(file, code)
  return run(tool, [file])
}

const runners: Partial<
  Record<Snippet['language'], { tool: string; run: (code: string) => Promise<string> }>
> = {
  curl: { tool: 'curl', run: (code) => run('sh', ['-c', code]) },
  php: { tool: 'php', run: (code) => runFile('php', 'snippet.php', code) },
  javascript: { tool: 'node', run: (code) => runFile(process.execPath, 'snippet.mjs', code) },
  python: { tool: 'python3', run: (code) => runFile('python3', 'snippet.py', code) },
}

for (const [language, { tool, run: runSnippet }] of Object.entries(runners)) {
  describe.skipIf(tool !== 'node' && !has(tool))(`the snippet in ${language}`, () => {
    it.each([plain, nasty])('sends a message', async (text) => {
      const message = text()
      const printed = await runSnippet(snippetFor(language as Snippet['language'], message))
      expect(printed).toMatch(language === 'curl' ? /"status":true/ : /^sent: 3EB0/)
      // Line breaks of every kind are LF on a phone.
      const arrived = message.trimEnd().replaceAll('\u2028', '\n')
      const received = () => real.inbox(recipient).filter((one) => one.text === arrived)
      await expect.poll(() => received().length).toBe(1)
    })

    it('says why nothing was sent', async () => {
      const parameters = { api_key: real.key, sender, number: '6285500000100', message: plain() }
      const all = snippets(real.url, '/send-message', parameters)
      const printed = await runSnippet(all.find((one) => one.language === language)?.code ?? '')
      expect(printed).toContain('not_on_whatsapp')
    })
  })
}

it('there is one in every language, the key left out where none is given', () => {
  const all = snippets('http://127.0.0.1:3210', '/send-message', {
    sender,
    number: recipient,
    message: nasty(),
  })
  expect(all.map(({ language }) => language)).toEqual([
    'curl',
    'php',
    'javascript',
    'python',
    'csharp',
    'vbnet',
  ])
  for (const { code } of all) {
    expect(code).toContain(keyPlaceholder)
    expect(code).toContain('http://127.0.0.1:3210/send-message')
  }
})

it('texts cannot end early in C# and VB.NET', () => {
  const all = snippets('http://h', '/send-message', { message: 'a"b”c\nd\\' })
  const codeOf = (language: string) => all.find((one) => one.language === language)?.code ?? ''
  expect(codeOf('csharp')).toContain(String.raw`["message"] = "a\"b”c\nd\\"`)
  expect(codeOf('vbnet')).toContain('{"message", "a""b””c" & vbLf & "d\\"}')
})

describe.skipIf(!has('curl'))('the line that uploads a file', () => {
  it('sends it', async () => {
    const bytes = `%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n`
    await writeFile(join(folder, 'nota.pdf'), bytes)
    const line = uploadLine(real.url).replace(keyPlaceholder, real.key)
    expect(await run('sh', ['-c', `cd '${folder}' && ${line}`])).toContain('"status":true')
    await expect.poll(() => real.inbox(recipient).filter((one) => one.fileName === 'nota.pdf').length).toBe(1)
  })
})

describe('every example of the OpenAPI document', () => {
  interface Operation {
    requestBody?: {
      content: Record<string, { examples?: Record<string, { value: Record<string, string> }> }>
    }
  }

  it('does what it shows', async () => {
    const document = (await (await fetch(`${real.url}/openapi.json`)).json()) as {
      paths: Record<string, Record<string, Operation>>
    }
    const examples = Object.entries(document.paths).flatMap(([path, { post }]) =>
      Object.entries(post?.requestBody?.content['application/json']?.examples ?? {}).map(
        ([name, { value }]) => [path, name, value] as const,
      ),
    )
    expect(examples.length).toBe(
      routes
        .filter(({ methods }) => methods.includes('POST'))
        .flatMap(({ documentation }) => Object.keys(documentation.examples)).length,
    )
    for (const [path, name, value] of examples) {
      const response = await fetch(real.url + path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'X-API-Key': real.key },
        body: new URLSearchParams(value),
      })
      expect({ path, name, status: response.status, text: await response.text() }).toMatchObject({
        status: 200,
      })
      if (path !== '/send-message') continue
      const message =
        value['footer'] === undefined
          ? value['message']
          : `${value['message'] ?? ''}\n\n> _${value['footer']}_`
      const received = () => real.inbox().filter((one) => one.text === message)
      await expect.poll(() => received().length).toBe((value['number'] ?? '').split('|').length)
    }
  })
})
