/** One call in one language, ready to be pasted. */
export interface Snippet {
  readonly language: 'curl' | 'php' | 'javascript' | 'python' | 'csharp' | 'vbnet'
  readonly code: string
}

/** Stands in a snippet where no key is given: it is shown once, when it is made, and never again. */
export const keyPlaceholder = 'YOUR-KEY'

/**
 * A call as a program in each language, which prints the answer. Needs nothing but what the language brings.
 *
 * @param address where the API is reached, as `http://127.0.0.1:3210`
 */
export function snippets(address: string, route: string, given: Readonly<Record<string, string>>): Snippet[] {
  const url = address + route
  const parameters = { api_key: keyPlaceholder, ...given }
  return [
    { language: 'curl', code: curl(url, parameters) },
    { language: 'php', code: php(url, parameters) },
    { language: 'javascript', code: javaScript(url, parameters) },
    { language: 'python', code: python(url, parameters) },
    { language: 'csharp', code: cSharp(url, parameters) },
    { language: 'vbnet', code: visualBasic(url, parameters) },
  ]
}

type Values = Readonly<Record<string, string>>
type Quote = (text: string) => string

function lines(values: Values, line: (name: string, value: string) => string, between: string): string {
  return Object.entries(values)
    .map(([name, value]) => line(name, value))
    .join(between)
}

function curl(url: string, values: Values): string {
  return `curl ${shell(url)} ${lines(values, (name, value) => `--data-urlencode ${shell(`${name}=${value}`)}`, ' ')}`
}

function php(url: string, values: Values): string {
  return `<?php
$parameters = [
${lines(values, (name, value) => `    ${phpText(name)} => ${phpText(value)},`, '\n')}
];
$options = ['http' => [
    'method' => 'POST',
    'header' => 'Content-Type: application/x-www-form-urlencoded',
    'content' => http_build_query($parameters),
    'ignore_errors' => true, // so that a refusal can be read too
]];
$answer = json_decode(file_get_contents(${phpText(url)}, false, stream_context_create($options)), true);
echo $answer['status'] ? 'sent: ' . $answer['id'] : 'failed: ' . $answer['code'] . ', ' . $answer['msg'], PHP_EOL;
`
}

function javaScript(url: string, values: Values): string {
  return `const response = await fetch(${quoted(url)}, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({
${lines(values, (name, value) => `    ${quoted(name)}: ${quoted(value)},`, '\n')}
  }),
})
const answer = await response.json()
console.log(answer.status ? \`sent: \${answer.id}\` : \`failed: \${answer.code}, \${answer.msg}\`)
`
}

function python(url: string, values: Values): string {
  return `import json
import urllib.error
import urllib.parse
import urllib.request

parameters = {
${lines(values, (name, value) => `    ${quoted(name)}: ${quoted(value)},`, '\n')}
}
data = urllib.parse.urlencode(parameters).encode()
try:
    response = urllib.request.urlopen(${quoted(url)}, data, timeout=15)
except urllib.error.HTTPError as refusal:  # it can be read like any answer
    response = refusal
answer = json.load(response)
print("sent: " + answer["id"] if answer["status"] else "failed: " + answer["code"] + ", " + answer["msg"])
`
}

function cSharp(url: string, values: Values): string {
  return `using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Text.Json;

using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(15) };
var parameters = new Dictionary<string, string>
{
${lines(values, (name, value) => `    [${quoted(name)}] = ${quoted(value)},`, '\n')}
};
var response = await client.PostAsync(${quoted(url)}, new FormUrlEncodedContent(parameters));
using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
var root = answer.RootElement;
Console.WriteLine(root.GetProperty("status").GetBoolean()
    ? "sent: " + root.GetProperty("id").GetString()
    : "failed: " + root.GetProperty("code").GetString() + ", " + root.GetProperty("msg").GetString());
`
}

function visualBasic(url: string, values: Values): string {
  return `Imports System
Imports System.Collections.Generic
Imports System.Net.Http
Imports System.Text.Json

Module Program
    Sub Main()
        Dim parameters As New Dictionary(Of String, String) From {
${lines(values, (name, value) => `            {${basicText(name)}, ${basicText(value)}}`, ',\n')}
        }
        Using client As New HttpClient() With {.Timeout = TimeSpan.FromSeconds(15)}
            Dim response = client.PostAsync(${basicText(url)}, New FormUrlEncodedContent(parameters)).Result
            Dim answer = JsonDocument.Parse(response.Content.ReadAsStringAsync().Result).RootElement
            If answer.GetProperty("status").GetBoolean() Then
                Console.WriteLine("sent: " & answer.GetProperty("id").GetString())
            Else
                Console.WriteLine("failed: " & answer.GetProperty("code").GetString() & ", " & answer.GetProperty("msg").GetString())
            End If
        End Using
    End Sub
End Module
`
}

// Double quotes are read alike by Windows' command line and by Unix shells, as long as nothing in them is special.
const shell: Quote = (text) =>
  /^[\w .,:;?/@|+=-]*$/.test(text) ? `"${text}"` : `'${text.replaceAll("'", "'\\''")}'`

const phpText: Quote = (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

// JavaScript, Python and C# read a JSON string alike, but for two line ends that C# does not allow as they are.
const quoted: Quote = (text) =>
  JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')

/** Basic has no escapes: quotes are doubled, line breaks are put in between. */
const basicText: Quote = (text) =>
  text
    .split(/\r?\n/)
    .map((line) => `"${line.replaceAll(/["“”]/g, '$&$&')}"`)
    .join(' & vbLf & ')
