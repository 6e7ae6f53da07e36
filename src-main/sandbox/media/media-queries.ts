import { setTimeout as delay } from 'node:timers/promises'
import type { Companion } from '../accounts/companions.ts'
import { maxUploadBytes } from './media-host.ts'
import { errorOf, node, resultOf } from '../server/nodes.ts'
import type { BinaryNode } from '../server/nodes.ts'
import type { SandboxContext } from '../sandbox-context.ts'

/** Where to upload to, and with what to show; null where that is not answered. */
export async function answerMediaQuery(
  context: SandboxContext,
  companion: Companion,
  query: BinaryNode,
): Promise<BinaryNode | null> {
  const kinds = ['media-conn-silence', 'media-conn-slow', 'media-conn-error'] as const
  const fault = context.faults.take(companion.number, ...kinds)
  if (fault?.kind === 'media-conn-silence') return null
  if (fault?.kind === 'media-conn-error') return errorOf(query, fault.code, 'made to fail')
  if (fault?.kind === 'media-conn-slow') await delay(fault.ms)
  const { media } = context
  if (media === null) return errorOf(query, 503, 'service-unavailable')
  const times = { ttl: '300', auth_ttl: '300', max_buckets: '12' }
  return resultOf(query, [
    node('media_conn', { auth: media.authFor(companion.number), ...times }, [
      // Not in the order in which they are to be tried.
      host(media.hosts.fallback, 'fallback'),
      host(media.hosts.primary, 'primary'),
    ]),
  ])
}

function host(hostname: string, type: 'primary' | 'fallback'): BinaryNode {
  const attributes = { hostname, type, maxContentLengthBytes: String(maxUploadBytes) }
  return node('host', attributes, [node('upload', {}), node('download', {})])
}
