/** Marks a switch as exhaustive: a new member of a union fails the typecheck wherever it matters. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`)
}
