import type { Database } from '../../storage/database/database.ts'
import type { AccountRow, SandboxTable } from '../sandbox-table.ts'

/** How WhatsApp treats one account; the real one's differ in these, and change over time. */
export interface AccountTraits {
  /**
   * Its chats are migrated to LIDs: people are written to as `…@lid`, and 463 answers their phone number. Where
   * it is not, 400 answers a LID (tulir/whatsmeow@37a86e67; oxidezap/whatsapp-rust#941).
   */
  lidMigrated: boolean
  /** A private account: a client that is linked learns of no business name (`<biz>`). */
  consumer: boolean
  /** A contact that has not written first is written to with a privacy token, or 463 answers. */
  tokensDemanded: boolean
}

/** What an account of autumn 2026 usually is. */
const usualTraits: AccountTraits = { lidMigrated: true, consumer: true, tokensDemanded: true }

/** The traits of all accounts; those of an account are kept from its first linked device on. */
export class Accounts {
  readonly #database: Database
  readonly #table: SandboxTable
  readonly #usual: AccountTraits
  readonly #known = new Map<string, AccountTraits>()

  /** @param usual the traits of an account that nothing is known of */
  constructor(database: Database, table: SandboxTable, usual: Partial<AccountTraits>) {
    this.#database = database
    this.#table = table
    this.#usual = { ...usualTraits, ...usual }
    for (const row of table.accounts()) this.#known.set(row.number, traitsOf(row))
  }

  of(number: string): AccountTraits {
    return this.#known.get(number) ?? this.#usual
  }

  /** Resolves once the traits are on the disk: the next sandbox may have another default. */
  async keep(number: string): Promise<void> {
    if (!this.#known.has(number)) await this.set(number, {})
  }

  async set(number: string, change: Partial<AccountTraits>): Promise<void> {
    const traits = { ...this.of(number), ...change }
    this.#known.set(number, traits)
    await this.#database.write(() => this.#table.saveAccount(rowOf(number, traits)))
  }
}

function traitsOf(row: AccountRow): AccountTraits {
  return {
    lidMigrated: row.lid_migrated === 1,
    consumer: row.consumer === 1,
    tokensDemanded: row.tokens_demanded === 1,
  }
}

function rowOf(number: string, { lidMigrated, consumer, tokensDemanded }: AccountTraits): AccountRow {
  return {
    number,
    lid_migrated: Number(lidMigrated),
    consumer: Number(consumer),
    tokens_demanded: Number(tokensDemanded),
  }
}
