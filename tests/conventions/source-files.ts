import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { parseSync } from 'vite'

const root = join(import.meta.dirname, '..', '..')

/** Every TypeScript file in version control or about to be, relative to the repository, with slashes. */
export function sourceFiles(...folders: readonly string[]): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...folders], {
    cwd: root,
    encoding: 'utf8',
  })
  return listed.split('\n').filter((file) => /\.tsx?$/.test(file) && existsSync(join(root, file)))
}

export interface SourceFile {
  /** Modules that are loaded when this one is: relative ones as paths in the repository, packages by name. */
  imports: string[]
  /** The same, with those of which only types are used. */
  typesAndImports: string[]
  /** Every name in the code; comments and texts are none. */
  identifiers: Set<string>
}

export function readSource(file: string): SourceFile {
  const code = readFileSync(join(root, file), 'utf8')
  const { module, program, errors } = parseSync(file, code)
  if (errors.length > 0) throw new Error(`${file} could not be parsed`)
  const resolved = (specifier: string): string =>
    specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : specifier
  const found = [
    ...module.staticImports.map(({ moduleRequest, entries }) => ({
      specifier: moduleRequest.value,
      isType: entries.length > 0 && entries.every((entry) => entry.isType),
    })),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest, isType }) =>
        moduleRequest === null ? [] : [{ specifier: moduleRequest.value, isType }],
      ),
    ),
    ...module.dynamicImports.map(({ moduleRequest }) => ({
      specifier: code.slice(moduleRequest.start, moduleRequest.end).replaceAll(/^['"`]|['"`]$/g, ''),
      isType: false,
    })),
  ]
  return {
    imports: found.filter(({ isType }) => !isType).map(({ specifier }) => resolved(specifier)),
    typesAndImports: found.map(({ specifier }) => resolved(specifier)),
    identifiers: identifiersIn(program),
  }
}

function identifiersIn(program: object): Set<string> {
  const names = new Set<string>()
  const collect = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(collect)
    if (typeof node !== 'object' || node === null) return
    if ('type' in node && 'name' in node && typeof node.name === 'string') names.add(node.name)
    Object.values(node).forEach(collect)
  }
  collect(program)
  return names
}
