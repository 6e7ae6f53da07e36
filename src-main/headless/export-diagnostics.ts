import { writeFile } from 'node:fs/promises'
import type { Application } from '../app/app.ts'
import { diagnosticsOf } from '../app/diagnostics.ts'
import { Failure, sentenceOf } from '../lib/failure.ts'
import { printLine } from './terminal/print.ts'

/** Writes what helps to find a fault, and ends the program. @throws Failure option_invalid */
export async function exportDiagnostics(application: Application, file: string): Promise<void> {
  try {
    const diagnostics = await diagnosticsOf(application)
    await writeFile(file, `${JSON.stringify(diagnostics, null, 2)}\n`, { mode: 0o600 })
    printLine(`Diagnostics, without secrets, numbers or texts: ${file}`)
  } catch (error) {
    throw new Failure('option_invalid', `--export-diagnostics: ${sentenceOf(error)}`, { cause: error })
  } finally {
    await application.stop()
  }
}
