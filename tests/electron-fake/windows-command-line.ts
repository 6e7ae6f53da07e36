/**
 * How Electron writes command lines on Windows, and what Windows and Electron make of them.
 */

/** Electron's AddQuoteForArg (shell/common/command_line_util_win.cc), which it applies to every argument of a login item. */
export function quoteArgument(argument: string): string {
  if (!/[ \\"]/.test(argument)) return argument
  return `"${argument.replace(/(\\*)"/g, '$1$1\\"').replace(/\\+$/, '$&$&')}"`
}

/** The words that a program gets: CommandLineToArgvW, without its special rule for the program's own name. */
export function splitCommandLine(line: string): string[] {
  const words: string[] = []
  let word = ''
  let isWord = false
  let isQuoted = false
  for (let index = 0; index < line.length; index += 1) {
    const backslashes = /^\\*/.exec(line.slice(index))?.[0].length ?? 0
    const next = line[index + backslashes]
    if (backslashes > 0) {
      isWord = true
      // Backslashes are escapes only in front of a quotation mark.
      word += '\\'.repeat(next === '"' ? Math.floor(backslashes / 2) : backslashes)
      index += backslashes - 1
      if (next === '"' && backslashes % 2 === 1) {
        word += '"'
        index += 1
      }
    } else if (next === '"') {
      isQuoted = !isQuoted
      isWord = true
    } else if (!isQuoted && (next === ' ' || next === '\t')) {
      if (isWord) words.push(word)
      word = ''
      isWord = false
    } else {
      isWord = true
      word += next ?? ''
    }
  }
  if (isWord) words.push(word)
  return words
}

/**
 * Electron's CheckCommandLineArguments (shell/app/command_line_args.cc): on Windows the program ends at once where
 * any word but `--` follows one that looks like a URL. A drive's letter is no scheme.
 */
export function electronAccepts(words: readonly string[]): boolean {
  const end = words.indexOf('--')
  const checked = end === -1 ? words : words.slice(0, end)
  return !checked.slice(0, -1).some(looksLikeUrl)
}

function looksLikeUrl(word: string): boolean {
  return /^[a-z][^:\s]+:/i.test(word)
}
