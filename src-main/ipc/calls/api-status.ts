import type { ApiStatus } from '../../../src-preload/contract.ts'
import type { Application } from '../../app/app.ts'
import type { LocalApiStatus } from '../../app/local-api.ts'
import { freePortAfter, portHolder } from '../port-holder.ts'

type Parts = Pick<Application, 'api' | 'settings'>

/** The API's state as the window shows it: with a taken port, who has it and which one is free. */
export async function apiStatusOf(parts: Parts): Promise<ApiStatus> {
  const { status } = parts.api
  const shown = await shownOf(status, parts.settings)
  // Who has a port may take seconds to find out: by then it may be another state, which is told already.
  return parts.api.status === status ? shown : apiStatusOf(parts)
}

async function shownOf(status: LocalApiStatus, settings: Parts['settings']): Promise<ApiStatus> {
  const lan = settings.get('api.lan')
  if (status.state === 'running') {
    return { ...blank, state: 'running', addresses: status.addresses, port: status.port, lan }
  }
  if (status.state === 'stopped') return { ...blank, port: settings.get('api.port'), lan }
  return { ...blank, state: 'failed', port: status.port, lan, ...(await reasonOf(status)) }
}

const blank: ApiStatus = {
  state: 'stopped',
  addresses: [],
  port: 0,
  lan: false,
  failure: null,
  takenBy: null,
  freePort: null,
}

async function reasonOf({ port, failure }: Extract<LocalApiStatus, { state: 'failed' }>) {
  const taken = failure.code === 'port_taken'
  const [takenBy, freePort] = await Promise.all([
    taken ? portHolder(port) : null,
    freePortAfter(Math.max(port, 1_024)),
  ])
  return { failure: { code: failure.code, reason: failure.message }, takenBy, freePort }
}
