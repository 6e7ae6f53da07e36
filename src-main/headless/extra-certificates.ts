import { readFile } from 'node:fs/promises'
import { Failure } from '../lib/failure.ts'

/**
 * What `--extra-ca` names: PEM certificates to trust for custom devices.
 * @throws Failure option_invalid
 */
export async function extraCertificates(file: string | null): Promise<string[]> {
  if (file === null) return []
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new Failure('option_invalid', `--extra-ca: the file ${file} cannot be read.`, { cause: error })
  })
  if (text.includes('-----BEGIN CERTIFICATE-----')) return [text]
  throw new Failure('option_invalid', `--extra-ca: the file ${file} holds no PEM certificate.`)
}
