import { createHash } from 'node:crypto'
import { z } from 'zod'
import { failureCodes } from '../../lib/failure-codes.ts'
import { statusOf } from '../middleware/responses.ts'
import { failuresOf } from '../handlers/route-failures.ts'
import { documentedPath } from './openapi.ts'
import type { Route } from '../handlers/api-route.ts'
import { keyPlaceholder, snippets, type Snippet } from './snippets.ts'

const names: Readonly<Record<Snippet['language'], string>> = {
  curl: 'curl',
  php: 'PHP',
  javascript: 'JavaScript',
  python: 'Python',
  csharp: 'C#',
  vbnet: 'VB.NET',
}

const example = { sender: '6285500000000', number: '6285500000500', message: 'Halo dari Kurir' }

/**
 * The guide that the API itself answers with: one page, without scripts and without anything from elsewhere.
 *
 * @param server as the reader reached it, `http://127.0.0.1:3210`
 */
export function docsPage(routes: readonly Route[], version: string, server: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Kurir: the HTTP API</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Kurir: the HTTP API</h1>
<p>Version ${escape(version)}, at <code>${escape(server)}</code>. The same in a form for programs:
<a href="/openapi.json">openapi.json</a>.</p>
${reading}
<h2>Send a message</h2>
${snippets(server, '/send-message', example)
  .map(
    ({ language, code }) => `<h3>${names[language]}</h3>\n<pre><code>${escape(code.trimEnd())}</code></pre>`,
  )
  .join('\n')}
<h2>Send a file from this computer</h2>
<pre><code>${escape(uploadLine(server))}</code></pre>
${routes.map(section).join('\n')}
<h2 id="codes">Codes</h2>
<p>Codes never change; the sentences beside them may.</p>
${codesTable(routes)}
</main>
</body>
</html>
`
}

/** What the page may do: look as its own style says, and nothing else. */
export function docsPolicy(): string {
  const hash = createHash('sha256').update(style).digest('base64')
  return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
}

/** A receipt that was just written to the disk, with nothing to serve it from. */
export function uploadLine(server: string): string {
  const fields = [
    `api_key=${keyPlaceholder}`,
    `sender=${example.sender}`,
    `number=${example.number}`,
    'media_type=pdf',
  ]
  return `curl "${server}/send-media" ${fields.map((field) => `-F "${field}"`).join(' ')} -F "file=@nota.pdf"`
}

const reading = `<h2>How a call is read</h2>
<ul>
<li>Parameters stand in the query or in the body (JSON, form or multipart); where both name one, the body counts.</li>
<li>The key is the parameter <code>api_key</code>, or stands in the header <code>X-API-Key</code> or
<code>Authorization: Bearer</code>, so that it need not be in an address.</li>
<li>Phone numbers may be written in any way: <code>+62 812-3456-7890</code>, <code>0812…</code>, <code>62812…</code>.</li>
<li>URL-encode every value that stands in an address; a space is <code>%20</code>.</li>
</ul>
<h2>How a call is answered</h2>
<ul>
<li><code>status</code> is true or false. A failure has the HTTP status 400 as a rule, a sentence in <code>msg</code> (and
<code>message</code>), and a <a href="#codes">code</a>.</li>
<li>A text is answered within 4.5 seconds, a file within 14. <code>not_confirmed</code> means that WhatsApp has not
acknowledged it by then: make the same call again, and you get the outcome; the message is not sent twice.</li>
<li>A call that may be repeated by your program on its own should carry a header <code>Idempotency-Key</code>.</li>
</ul>`

function section(route: Route): string {
  const { summary, description } = route.documentation
  const codes = failuresOf(route).filter((code) => route.documentation.failures.includes(code))
  return `<h2><code>${route.methods.join('|')} ${escape(documentedPath(route.path))}</code> ${escape(summary)}</h2>
<p>${escape(description)}${route.right === null ? '' : ` Needs the right <em>${route.right}</em>.`}</p>
${route.right === null ? '' : parametersTable(route.parameters)}
${codes.length === 0 ? '' : `<p>Its own codes: ${codes.map((code) => `<a href="#${code}">${code}</a>`).join(', ')}.</p>`}`
}

interface Property {
  description?: string
  enum?: unknown[]
  maxLength?: number
}

function parametersTable(schema: z.ZodObject): string {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' })
  const rows = Object.entries(properties as Record<string, Property>).map(
    ([name, property]) =>
      `<tr><td><code>${escape(name)}</code></td><td>${required.includes(name) ? 'required' : ''}</td>` +
      `<td>${escape(property.description ?? '')}${escape(choices(property))}</td></tr>`,
  )
  if (rows.length === 0) return '<p>No parameters but the key.</p>'
  return `<table><thead><tr><th>Parameter</th><th></th><th></th></tr></thead><tbody>${rows.join('\n')}</tbody></table>`
}

function choices(property: Property): string {
  const words = (property.enum ?? []).filter((word) => typeof word === 'string')
  return words.length === 0 ? '' : ` One of: ${words.join(', ')}.`
}

function codesTable(routes: readonly Route[]): string {
  const codes = Array.from(new Set(routes.flatMap(failuresOf)))
  const rows = ['path_unknown' as const, ...codes].map(
    (code) =>
      `<tr id="${code}"><td><code>${code}</code></td><td>${String(statusOf(code))}</td>` +
      `<td>${escape(failureCodes[code].meaning)}</td></tr>`,
  )
  return `<table><thead><tr><th>Code</th><th>HTTP</th><th>Meaning</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>`
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '')
}

const style = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem 1.5rem 4rem; }
h2 { margin-top: 2.5rem; }
pre { overflow-x: auto; padding: 0.75rem 1rem; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
code { font-family: ui-monospace, Consolas, monospace; font-size: 0.9em; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.6rem; }
tr + tr td, tbody tr:first-child td { border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
`
