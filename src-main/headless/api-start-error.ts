import type { Application } from '../app/app.ts'
import { Failure } from '../lib/failure.ts'
import { apiStatusOf } from '../ipc/calls/api-status.ts'

/** Why the API could not be opened; with a port that is not to be had, who has it and which one is free, where that can be told. */
export async function apiStartError(application: Application, failure: Failure): Promise<Failure> {
  if (failure.code !== 'port_taken' && failure.code !== 'port_not_allowed') return failure
  const { takenBy, freePort } = await apiStatusOf(application)
  const sentences = [
    failure.message,
    ...(takenBy === null ? [] : [`The program is ${takenBy}.`]),
    ...(freePort === null ? [] : [`Port ${freePort} is free.`]),
  ]
  return new Failure(failure.code, sentences.join(' '), { cause: failure })
}
