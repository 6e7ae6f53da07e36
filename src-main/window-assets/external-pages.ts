import manifest from '../../package.json' with { type: 'json' }
import type { ExternalPage } from '../../src-preload/contract.ts'
import { assertNever } from '../lib/failure.ts'

/** Where the program's own pages are, as its package names it; null where that is nowhere yet. */
export const sourceAddress: string | null = (manifest as { homepage?: string }).homepage ?? null

/**
 * The only addresses that the window can have opened, by id. `source` is where the program's own pages are;
 * null where the build names no such place.
 */
export function externalAddress(
  page: ExternalPage,
  { source, api }: { source: string | null; api: string | null },
): string | null {
  switch (page) {
    case 'source':
      return source
    case 'report-problem':
      return source === null ? null : `${source}/issues`
    case 'api-docs':
      return api === null ? null : `${api}/docs`
    case 'whatsapp-linked-devices':
      return 'https://faq.whatsapp.com/1317564962315842'
    default:
      return assertNever(page)
  }
}
