import { pino } from 'pino'
import { openDatabase } from '../../src-main/storage/database/database.ts'
import { notesMigrations } from './notes-migrations.ts'

/** A program of its own: writes notes from several hands, and says on its output which are committed. */
const [file = ''] = process.argv.slice(2)
const database = openDatabase({ file, migrations: notesMigrations, log: pino({ level: 'silent' }) })
const insert = database.statement('INSERT INTO notes (text) VALUES (?)')
const run = process.pid

async function writeForEver(hand: number): Promise<never> {
  for (let count = 0; ; count++) {
    const text = `${run} ${hand} ${count}`
    await database.write(() => {
      insert.run(text)
      insert.run(`${text} second half`)
    })
    process.stdout.write(`${text}\n`)
  }
}

await Promise.all([0, 1, 2].map(writeForEver))
