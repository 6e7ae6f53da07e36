import { docsPage, docsPolicy } from '../reference/docs-page.ts'
import { madeOncePerHost } from '../reference/cached-documents.ts'
import type { OpenRoute, Route } from '../handlers/api-route.ts'

/** The guide for people, about all the routes. */
export function docs(routes: () => readonly Route[]): OpenRoute {
  return {
    path: '/docs',
    methods: ['GET'],
    right: null,
    answer: null,
    documentation: {
      summary: 'The guide',
      description: 'Calls, answers, codes and snippets, for people.',
      failures: [],
      examples: {},
    },
    handle: madeOncePerHost((version, server) => ({
      status: 200,
      body: docsPage(routes(), version, server),
      headers: {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy': docsPolicy(),
        'Cross-Origin-Resource-Policy': 'same-origin',
        'Referrer-Policy': 'no-referrer',
      },
      result: 'ok',
    })),
  }
}
