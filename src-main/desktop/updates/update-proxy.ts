import type { ProxyConfig } from 'electron'
import type { AppUpdater } from 'electron-updater'
import { nameOfProxy, readProxyAddress } from '../../egress/proxy-address.ts'
import type { Settings } from '../../storage/settings/settings.ts'

/**
 * Has updates take the way of the setting network.proxy. They are fetched by Chromium, in a session of their own, which
 * follows the system's proxies and certificates by itself.
 */
export async function setUpdateProxy(
  updater: Pick<AppUpdater, 'netSession'>,
  settings: Pick<Settings, 'get'>,
): Promise<void> {
  await updater.netSession.setProxy(proxyConfigOf(settings.get('network.proxy')))
}

function proxyConfigOf(setting: string): ProxyConfig {
  const proxy = readProxyAddress(setting)
  if (proxy !== null) return { mode: 'fixed_servers', proxyRules: `${proxy.type}://${nameOfProxy(proxy)}` }
  return { mode: setting === 'none' ? 'direct' : 'system' }
}

/** Logs updates in to the proxy that is set, and to no other; an empty answer ends the request (Electron: ClientRequest, event login). */
export function answerUpdateProxy(
  updater: Pick<AppUpdater, 'on'>,
  settings: Pick<Settings, 'get' | 'secretOf'>,
): void {
  updater.on('login', ({ isProxy, host, port }, answer) => {
    const proxy = readProxyAddress(settings.get('network.proxy'))
    const isOurs = isProxy && proxy !== null && proxy.host === host && proxy.port === port
    if (!isOurs || proxy.user === null) return answer('', '')
    answer(proxy.user, settings.secretOf('network.proxy') ?? '')
  })
}
