/** A request that asks for nothing in particular. */
export type Nothing = Record<string, never>
