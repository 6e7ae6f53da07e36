import { Failure } from '../failure.ts'

/** Bytes of a body, at most; a file in it aside. */
export const largestBody = 1024 * 1024

export function tooLarge(): Failure {
  return new Failure(
    'body_too_large',
    'The body is larger than 1 MiB. A file goes, with a file name, into the field "file" of /send-media.',
  )
}

export function cutOff(): Failure {
  return new Failure('body_unreadable', 'The connection ended before the body was whole.')
}
