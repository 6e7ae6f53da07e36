/** What is wrong with a certificate that was refused. */
export type CertificateFault =
  | 'unknown_issuer'
  | 'incomplete_chain'
  | 'expired'
  | 'not_yet_valid'
  | 'wrong_name'

const faults: Readonly<Record<string, CertificateFault>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'unknown_issuer',
  SELF_SIGNED_CERT_IN_CHAIN: 'unknown_issuer',
  CERT_UNTRUSTED: 'unknown_issuer',
  INVALID_CA: 'unknown_issuer',
  UNABLE_TO_GET_ISSUER_CERT: 'incomplete_chain',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'incomplete_chain',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'incomplete_chain',
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not_yet_valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'wrong_name',
}

/**
 * Reads the code of an error of Node's TLS (X509 certificate error codes); null where it is about something else.
 * What an antivirus program signs comes as `unknown_issuer` or, where it leaves its root out, `incomplete_chain`.
 *
 * @see https://nodejs.org/api/tls.html#x509-certificate-error-codes
 */
export function certificateFaultOf(error: unknown): CertificateFault | null {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null
  return typeof code === 'string' ? (faults[code] ?? null) : null
}

/** What is wrong with the certificate that `host` showed, and what to do; null where the error is about something else. */
export function certificateSentence(error: unknown, host: string): string | null {
  const fault = certificateFaultOf(error)
  return fault === null ? null : sentences[fault](host, error)
}

const today = (): string => new Date().toISOString().slice(0, 10)

const sentences: Readonly<Record<CertificateFault, (host: string, error: unknown) => string>> = {
  not_yet_valid: (host) =>
    `The certificate of ${host} is not valid yet: this PC’s clock says ${today()}. Is that right?`,
  expired: (host) =>
    `The certificate of ${host} has expired: its owner has to renew it. This PC’s clock says ${today()}: is that right?`,
  wrong_name: (host, error) =>
    `The certificate that ${host} shows is for other names${namesIn(error)}: check the host in the url. Behind the login ` +
    'page of a network, log in there first.',
  unknown_issuer: (host) =>
    `The certificate of ${host} is signed by somebody whom this PC does not know. Use a host with a public certificate; ` +
    'where an antivirus program or a proxy opens secure connections, let it leave out Kurir, or have its certificate put ' +
    'into the PC’s store.',
  incomplete_chain: (host) =>
    `The certificate of ${host} cannot be checked: its chain is incomplete, so that the server has to send the ` +
    'intermediate certificate, too; or an antivirus program or a proxy that this PC does not know opens the connection: ' +
    'let it leave out Kurir.',
}

/** ` (shop.example, www.shop.example)`, of Node's error about a certificate for others. */
function namesIn(error: unknown): string {
  const cert = error instanceof Error && 'cert' in error ? (error.cert as { subjectaltname?: unknown }) : null
  const names = typeof cert?.subjectaltname === 'string' ? cert.subjectaltname : ''
  const bare = names.replaceAll(/(DNS|IP Address):/g, '').slice(0, 100)
  return bare === '' ? '' : ` (${bare})`
}
