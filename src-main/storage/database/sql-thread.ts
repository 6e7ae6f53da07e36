import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Row, Value } from './statement.ts'

/** One statement with what is bound to its `?`. */
export interface Step {
  sql: string
  values?: Value[]
}

/** Given as text, so that no bundle and no archive has to know a second entry. */
const source = `
  const { DatabaseSync } = require('node:sqlite')
  const { parentPort, workerData } = require('node:worker_threads')
  const connection = new DatabaseSync(workerData.file)
  try {
    const rows = workerData.steps.map(({ sql, values = [] }) => connection.prepare(sql).all(...values))
    parentPort.postMessage(rows.map((list) => list.map((row) => ({ ...row }))))
  } catch (thrown) {
    parentPort.postMessage({ message: thrown.message, errcode: thrown.errcode })
  } finally {
    connection.close()
  }
`

const running = new Set<Worker>()

/** Whether a thread is at work: the exit of the process would wait for it, whatever it takes. */
export function hasRunningThreads(): boolean {
  return running.size > 0
}

/**
 * Runs statements on a database file that nobody else has open, in a thread of its own: what takes seconds
 * there must not hold up the sends. Answers the rows of each; throws what SQLite threw, `errcode` with it.
 */
export async function inThread(file: string, steps: readonly Step[]): Promise<Row[][]> {
  const worker = new Worker(source, { eval: true, workerData: { file, steps } })
  running.add(worker)
  try {
    const [answer] = (await once(worker, 'message')) as [Row[][] | { message: string; errcode: number }]
    if (Array.isArray(answer)) return answer
    throw Object.assign(new Error(answer.message), { errcode: answer.errcode })
  } finally {
    await worker.terminate()
    running.delete(worker)
  }
}
