import type { z } from 'zod'
import type { FailureCode } from '../../lib/failure-codes.ts'
import type { ApiResponse } from '../middleware/responses.ts'
import type { ApiServices } from './api-services.ts'
import type { ApiKey, Right } from '../../keys/keys.ts'
import type { Upload } from '../../media/files/media-file.ts'

export type Method = 'GET' | 'POST'

/** What a route's documentation says besides its schemas. */
export interface Documentation {
  readonly summary: string
  readonly description: string
  /** The failures of this route alone; those of every call (see route-failures.ts) are added. */
  readonly failures: readonly FailureCode[]
  /** What the body of such a failure may have besides. */
  readonly besides?: z.ZodObject
  /** Parameters of calls that work in the sandbox, key aside, by a sentence of what they show. */
  readonly examples: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** One call as it reaches its route: known caller, valid parameters. */
export interface RequestContext<Parameters> {
  readonly services: ApiServices
  readonly key: ApiKey
  readonly parameters: Parameters
  /** The file that came with the request, where the route takes one. */
  readonly upload: Upload | null
  readonly idempotencyKey: string | null
  /** Names in the call that the route does not know: the rest of an address that was not encoded, perhaps. */
  readonly unknownNames: readonly string[]
  /** When the request arrived, by performance.now(). */
  readonly arrivedAt: number
}

/** A call that needs a key. */
export interface KeyedRoute<Parameters = never> {
  readonly path: string
  readonly methods: readonly Method[]
  readonly right: Right
  /** Whether a multipart body may carry a file. */
  readonly takesFile: boolean
  readonly parameters: z.ZodType<Parameters> & z.ZodObject
  /** The body of a 200. */
  readonly answer: z.ZodType
  readonly documentation: Documentation
  handle(requestContext: RequestContext<Parameters>): ApiResponse | Promise<ApiResponse>
}

/** A call that anybody on this PC may make; it takes no parameters and says nothing personal. */
export interface OpenRoute {
  readonly path: string
  readonly methods: readonly Method[]
  readonly right: null
  readonly answer: z.ZodType | null
  readonly documentation: Documentation
  handle(requestContext: { services: ApiServices; host: string }): ApiResponse | Promise<ApiResponse>
}

export type Route = KeyedRoute | OpenRoute

/** Ties the parameters' type to their schema. */
export function keyedRoute<Schema extends z.ZodObject>(route: {
  path: string
  methods: readonly Method[]
  right: Right
  takesFile?: boolean
  parameters: Schema
  answer: z.ZodType
  documentation: Documentation
  handle(requestContext: RequestContext<z.output<Schema>>): ApiResponse | Promise<ApiResponse>
}): KeyedRoute {
  return { takesFile: false, ...route } as unknown as KeyedRoute
}
