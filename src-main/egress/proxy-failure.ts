import { Failure, systemCodeOf } from '../lib/failure.ts'
import { nameOfProxy } from './proxy-address.ts'
import type { ProxyAddress } from './proxy-address.ts'

/** What keeps a proxy from being used. */
export type ProxyFailureCode = 'proxy_unreachable' | 'proxy_login_required' | 'proxy_refused'

const codes: ReadonlySet<string> = new Set<ProxyFailureCode>([
  'proxy_unreachable',
  'proxy_login_required',
  'proxy_refused',
])

export function isProxyFailure(error: unknown): error is Failure & { code: ProxyFailureCode } {
  return error instanceof Failure && codes.has(error.code)
}

const setting = 'the setting network.proxy'

export function proxySilent(proxy: ProxyAddress, seconds: number): Failure {
  return new Failure(
    'proxy_unreachable',
    `The proxy ${nameOfProxy(proxy)} did not answer within ${seconds} s. Check ${setting}, and whether the proxy runs.`,
  )
}

/** No connection to the proxy, or one that speaks something else than it should. */
export function proxyUnreachable(proxy: ProxyAddress, cause: unknown): Failure {
  const name = nameOfProxy(proxy)
  return new Failure('proxy_unreachable', `${whatIsWrong(name, systemCodeOf(cause))} Check ${setting}.`, {
    cause,
  })
}

function whatIsWrong(name: string, code: string): string {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `The proxy ${name} was not found: its name is unknown.`
  if (code === 'ECONNREFUSED') return `No proxy answers at ${name}.`
  if (/^HPE_|^ERR_SSL|^EPROTO/.test(code)) return `The server at ${name} is not a proxy of that kind.`
  if (/CERT|^UNABLE_TO|SELF_SIGNED/.test(code))
    return `The certificate of the proxy ${name} cannot be trusted.`
  if (code === 'ECONNRESET' || code === 'EPIPE') return `The proxy ${name} closed the connection.`
  return `The proxy ${name} cannot be reached.`
}

/**
 * @param schemes what the proxy offers, as in Proxy-Authenticate; empty where it did not say
 */
export function proxyLoginRequired(proxy: ProxyAddress, schemes: string): Failure {
  const name = nameOfProxy(proxy)
  const isBasic = schemes === '' || /\bbasic\b/i.test(schemes)
  if (!isBasic) {
    const only = schemes.match(/^\w+/)?.[0] ?? 'another way'
    return new Failure(
      'proxy_login_required',
      `The proxy ${name} accepts logins by ${only} only, which Kurir does not support. Ask the network administrator to let ` +
        'this PC connect without a login, or to allow Basic.',
    )
  }
  if (proxy.user !== null) {
    return new Failure(
      'proxy_login_required',
      `The proxy ${name} does not accept the user name and password in ${setting}.`,
    )
  }
  return new Failure(
    'proxy_login_required',
    `The proxy ${name} requires a user name and a password. Enter them in ${setting}, as in http://name:password@${name}`,
  )
}

/** @param answer the status or words that it answered with */
export function proxyRefused(
  proxy: ProxyAddress,
  target: { host: string; port: number },
  answer: string,
): Failure {
  const place = nameOfProxy(target)
  return new Failure(
    'proxy_refused',
    `The proxy ${nameOfProxy(proxy)} does not allow a connection to ${place} (it answered ${answer}). Ask the ` +
      'network administrator to allow it.',
  )
}
