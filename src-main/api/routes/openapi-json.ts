import { success } from '../middleware/responses.ts'
import { madeOncePerHost } from '../reference/cached-documents.ts'
import { openApiDocument } from '../reference/openapi.ts'
import type { OpenRoute, Route } from '../handlers/api-route.ts'

/** The document of all the routes, itself included. */
export function openApiJson(routes: () => readonly Route[]): OpenRoute {
  return {
    path: '/openapi.json',
    methods: ['GET'],
    right: null,
    answer: null,
    documentation: {
      summary: 'This API as OpenAPI 3.1',
      description: 'Generated from the schemas that validate the calls.',
      failures: [],
      examples: {},
    },
    handle: madeOncePerHost((version, server) => success(openApiDocument(routes(), version, server))),
  }
}
