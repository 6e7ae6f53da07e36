import type { AccountTraits } from '../../src-main/sandbox/sandbox.ts'

/** The accounts of spring 2026, from which a bare client of that time can still write. */
export const springTraits: AccountTraits = { lidMigrated: false, consumer: false, tokensDemanded: false }
