import { knownCharset } from './charset.ts'

/**
 * Whether a Content-Encoding means that the body is not compressed: programs and servers write a charset or a word of
 * mail there. `aws-chunked` is what S3 keeps of how a file was uploaded (aws/aws-sdk-net#1957).
 */
export function isUncompressed(contentEncoding: string): boolean {
  const name = contentEncoding
    .trim()
    .replaceAll(/^["']+|(?<!["'])["']+$/g, '')
    .toLowerCase()
  return noCompression.has(name) || isCharset(name)
}

/** `us-ascii` is one, though nothing has to be decoded for it. */
export const isCharset = (name: string): boolean => /^(us-)?ascii$/.test(name) || knownCharset(name) !== null

const noCompression = new Set(['', 'identity', 'none', 'binary', '7bit', '8bit', 'chunked', 'aws-chunked'])
