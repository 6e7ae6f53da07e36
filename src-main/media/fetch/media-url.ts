import { Failure } from '../../lib/failure.ts'

/**
 * Reads a caller's `url`. Only http and https addresses name a file: nothing that a caller writes is ever
 * opened on this PC's own disk.
 *
 * @throws Failure media_url_invalid
 */
export function readMediaUrl(text: string): URL {
  const written = text.trim()
  const scheme = schemeOf(written)
  if (scheme === null) throw invalid(problemWithout(written))
  if (scheme !== 'http' && scheme !== 'https') throw invalid(problemOfScheme(scheme))
  if (!URL.canParse(written)) throw invalid('The url cannot be read: check its spelling and its encoding.')
  const url = new URL(written)
  if (url.username !== '' || url.password !== '') {
    throw invalid('The url holds a user name or a password: give a link that opens without one.')
  }
  url.hash = ''
  return url
}

/** A single letter before the colon is a drive of Windows. Like the URL parser, blind to tabs and line ends. */
function schemeOf(text: string): string | null {
  return (
    /^([a-z][a-z0-9+.-]+):/i
      .exec(text.replaceAll(/[\t\n\r]/g, ''))
      ?.at(1)
      ?.toLowerCase() ?? null
  )
}

const upload = 'to send a file of this PC, POST it as multipart/form-data in the field "file"'

function problemOfScheme(scheme: string): string {
  if (scheme === 'data') return `A data: address is not fetched: ${upload}.`
  if (scheme === 'file') return `A file: address is not opened: ${upload}.`
  if (/^[a-z0-9.-]+\.[a-z]+$/.test(scheme) || scheme === 'localhost') {
    return 'The url begins with a host name: write http:// or https:// in front of it.'
  }
  return `The url begins with ${scheme}: where only http: and https: are fetched.`
}

function problemWithout(text: string): string {
  const onDisk = /^([a-z]:|[\\/~.])/i.test(text)
  if (onDisk) return `The url is a path, and paths are not opened: ${upload}.`
  if (/^[^/\\\s]+\.[^/\\\s]+\//.test(text)) {
    return 'The url lacks its beginning: write http:// or https:// in front of it.'
  }
  return `The url is not an http or https address; ${upload}.`
}

const invalid = (problem: string): Failure =>
  new Failure('media_url_invalid', problem, { errors: { url: problem } })
