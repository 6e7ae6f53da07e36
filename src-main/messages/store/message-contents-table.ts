import type { Database } from '../../storage/database/database.ts'
import type { KeepTexts } from '../log/redact-text.ts'

/** What all messages of one call say, as the log keeps it. */
export interface MessageContent {
  text: string | null
  fileName: string | null
  kept: KeepTexts
}

const nothing: MessageContent = { text: null, fileName: null, kept: 'no' }

/** The SQL of what messages say, which is kept once a call; changes are made inside Database.write. */
export class MessageContentsTable {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  of(request: number): MessageContent {
    const content = this.#database
      .statement<MessageContent>('SELECT text, file_name AS fileName, kept FROM requests WHERE number = ?')
      .get(request)
    return content ?? nothing
  }

  /** Reads the contents of many messages: those of one call share one text in memory. */
  reader(): (request: number) => MessageContent {
    const read = new Map<number, MessageContent>()
    return (request) => {
      const content = read.get(request) ?? this.of(request)
      read.set(request, content)
      return content
    }
  }

  nameFile(request: number, fileName: string | null): void {
    this.#database.statement('UPDATE requests SET file_name = ? WHERE number = ?').run(fileName, request)
  }
}
