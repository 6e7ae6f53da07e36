import { Failure } from '../../lib/failure.ts'

/** Bytes of a body, at most; a file in it aside. */
export const maxBodyBytes = 1024 * 1024
/** Bytes of a body that are parsed before it is known who asks. */
export const maxUnidentifiedBytes = 64 * 1024
/** Names in one form, query or multipart body, at most. */
export const maxFields = 200

export function tooLarge(): Failure {
  return new Failure(
    'body_too_large',
    'The body is larger than 1 MiB. Send a file, with a file name, in the field "file" of /send-media.',
  )
}

export function cutOff(): Failure {
  return new Failure('body_unreadable', 'The connection ended before the body was complete.')
}

export function tooManyFields(): Failure {
  return new Failure('body_unreadable', `More than ${String(maxFields)} fields in one call are not read.`)
}
