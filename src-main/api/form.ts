/**
 * Reads `a=1&b=2`, the form of queries and of form bodies, as older callers write it: never an error. A `%`
 * that begins no escape stays as it is, `+` is a space, the last of several equal names counts (as in PHP, for
 * which this API was first made).
 *
 * @param known names that need no `=` to end the value before them. Where given, and where the text is visibly
 *   not urlencoded (it holds a space, a line break or a letter beyond ASCII), an `&` that no `name=` follows is
 *   one the writer typed: "Tom & Jerry" stays whole.
 */
export function readForm(text: string, known?: ReadonlySet<string>): [name: string, value: string][] {
  if (text === '') return []
  let raw: boolean | null = null
  const pairs: [string, string][] = []
  for (const piece of text.split('&')) {
    const pair = split(piece)
    const last = pairs.at(-1)
    // The text is looked through last: what nearly all callers send has only names that are known.
    const isNoName = known !== undefined && !known.has(pair[0]) && isText(piece)
    if (isNoName && last !== undefined && (raw ??= isNotEncoded(text))) last[1] += `&${decode(piece)}`
    else if (piece !== '') pairs.push(pair)
  }
  return pairs
}

function split(piece: string): [string, string] {
  const equals = piece.indexOf('=')
  if (equals === -1) return [decode(piece).trim(), '']
  return [decode(piece.slice(0, equals)).trim(), decode(piece.slice(equals + 1))]
}

function isText(piece: string): boolean {
  return !/^[a-z_][\w.[\]-]*=/i.test(piece)
}

function isNotEncoded(text: string): boolean {
  return /[^\u0021-\u007e]/.test(text.trim())
}

function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    // A bad escape somewhere in it: decoded character by character, what is bad stays.
    return spaced.replace(oneEscapedCharacter, decodeOne)
  }
}

const oneEscapedCharacter =
  /%[0-7][\da-f]|%[cd][\da-f]%[89ab][\da-f]|%e[\da-f](?:%[89ab][\da-f]){2}|%f[0-4](?:%[89ab][\da-f]){3}/gi

function decodeOne(escape: string): string {
  try {
    return decodeURIComponent(escape)
  } catch {
    // Overlong forms and surrogates look like UTF-8 and are not.
    return escape
  }
}
