/**
 * Names an object as a part of one of Electron's own: a member that electron.d.ts does not have, or has with
 * another type, does not compile. So the stand-in cannot invent an API.
 */
export function partOf<Whole>() {
  return <Part extends Partial<Whole>>(
    part: Part & { readonly [Name in Exclude<keyof Part, keyof Whole>]: never },
  ): Part => part
}

/** The members of a class that electron.d.ts does not have, but for those the stand-in names as its own. */
export type Invented<Part, Whole, Own extends keyof Part = never> = Exclude<keyof Part, keyof Whole | Own>
/** Compiles only where there is nothing. */
export type Nothing<Members extends never> = Members
