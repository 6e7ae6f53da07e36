import { success } from '../answers.ts'
import { madeOncePerHost } from '../documents.ts'
import { openApiDocument } from '../openapi.ts'
import type { OpenRoute, Route } from '../route.ts'

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
    answerTo: madeOncePerHost((version, server) => success(openApiDocument(routes(), version, server))),
  }
}
