/** A header of the form `value; name=value; name="value"`, as a Content-Type or a Content-Disposition. */
export interface ParameterisedHeader {
  /** In lower case, up to the first `;`, `,` or blank. */
  readonly value: string
  /** By name in lower case; of several equal ones the first. */
  readonly parameters: ReadonlyMap<string, string>
}

/**
 * Reads it as callers write it by hand: blanks around `=`, quotes of either kind or none, a quote inside a quoted
 * value, a `;` at the end. What is written correctly is read as RFC 9110 says.
 */
export function readParameters(header: string): ParameterisedHeader {
  const written = header.slice(0, maxHeaderCharacters)
  const [value = ''] = /^[^;,\s]*/.exec(written.trimStart()) ?? []
  const parameters = new Map<string, string>()
  const pattern = /[;,\s]([\w!#$%&'*+.^`|~-]+)\s*=\s*/g
  pattern.lastIndex = written.length - written.trimStart().length + value.length
  // What stands where a value is expected but has no name (a type that is missing) begins at once.
  if (/^[\w*-]+\s*=/.test(written.trimStart())) return readParameters(`;${written}`)
  for (let found = pattern.exec(written); found !== null; found = pattern.exec(written)) {
    const [text, end] = valueAt(written, pattern.lastIndex)
    const name = (found[1] ?? '').toLowerCase()
    if (!parameters.has(name)) parameters.set(name, text)
    pattern.lastIndex = end
  }
  return { value: value.toLowerCase(), parameters }
}

/** Characters of one header that are looked at. */
const maxHeaderCharacters = 8_192

function valueAt(header: string, start: number): [value: string, end: number] {
  if (header[start] === '"') {
    const end = closingQuote(header, start + 1)
    // Of backslashes only those are undone that had to be written: `C:\nota.pdf` is a name as some programs write it.
    return [header.slice(start + 1, end).replaceAll(/\\(["\\])/g, '$1'), Math.min(end + 1, header.length)]
  }
  const semicolon = header.indexOf(';', start)
  const end = semicolon === -1 ? header.length : semicolon
  const bare = header.slice(start, end).trim()
  return [/^'.*'$/s.test(bare) ? bare.slice(1, -1) : bare, end]
}

/** The first quote that ends the value: behind it is a `;`, a `,` or nothing. `"Nota "Sari".pdf"` is one value. */
function closingQuote(header: string, start: number): number {
  const quote = /\\["\\]|"/g
  quote.lastIndex = start
  for (let found = quote.exec(header); found !== null; found = quote.exec(header)) {
    if (found[0] === '"' && /^\s*(?:[;,]|$)/.test(header.slice(found.index + 1, found.index + 40)))
      return found.index
  }
  return header.length
}
