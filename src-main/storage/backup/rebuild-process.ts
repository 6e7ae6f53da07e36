import { Worker } from 'node:worker_threads'
import { serveParent } from '../../lib/processes/serve-parent.ts'
import { answerRebuild, type RebuildRequest } from './rebuild-answer.ts'

/*
 * The whole of the process that a backup is read in: one job, answered, and its end. SQLite holds the main thread while it
 * works, so that a thread beside it keeps the deadline, should the program that would kill this process have ended.
 */

serveParent((message, reply) => {
  const { job, deadlineMs } = message as RebuildRequest
  startDeadline(deadlineMs)
  reply(answerRebuild(job))
})

/** Given as text, so that no bundle and no archive has to know a further entry. */
const deadlineSource = `
  const { workerData } = require('node:worker_threads')
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), workerData)
`

function startDeadline(deadlineMs: number): void {
  new Worker(deadlineSource, { eval: true, workerData: deadlineMs }).unref()
}
