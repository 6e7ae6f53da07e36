import type { Figure } from './figure.ts'
import { refuse } from './figures/refuse.ts'
import { sending } from './figures/sending.ts'

/** All of them, in the order in which they are measured. */
export const figures: readonly Figure[] = [sending, refuse]
