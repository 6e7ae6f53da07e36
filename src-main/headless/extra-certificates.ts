import { readFile } from 'node:fs/promises'
import { Failure } from '../failure.ts'

/**
 * What `--extra-ca` names: PEM certificates to trust for custom devices.
 * @throws Failure option_invalid
 */
export async function extraCertificates(file: string | null): Promise<string[]> {
  if (file === null) return []
  const text = await readFile(file, 'utf8').catch((thrown: unknown) => {
    throw new Failure('option_invalid', `--extra-ca: the file ${file} cannot be read.`, { cause: thrown })
  })
  if (text.includes('-----BEGIN CERTIFICATE-----')) return [text]
  throw new Failure('option_invalid', `--extra-ca: the file ${file} holds no PEM certificate.`)
}
