type Members = Readonly<Record<string, unknown>>

const text = { type: 'string' }

/** Headers of every answer; the first is always sent, each of the others kept where it is sent. */
const headers: Members = {
  'RateLimit-Limit': { required: true, schema: { type: 'integer', minimum: 1 } },
  'RateLimit-Remaining': { schema: { type: 'integer', minimum: 0 } },
  'X-Throttled': { schema: { type: 'boolean' } },
  'X-Shards': { schema: { type: 'array', items: { type: 'integer' }, maxItems: 3 } },
  'X-Quota': {
    explode: true,
    schema: {
      type: 'object',
      required: ['used'],
      properties: { used: { type: 'integer' }, left: { type: 'integer' } },
    },
  },
  'X-Notice': { content: { 'application/json': { schema: { type: 'object', required: ['id'] } } } },
  'X-Request-Id': { schema: { ...text, format: 'uuid' } },
  'Set-Cookie': { schema: { ...text, pattern: '^[a-z]+=' } },
}

const refusal = {
  description: 'Promised here only, so that its headers are.',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/ErrorResponse' } } },
}

/** Members that bodies may have; the second is never sent back. */
const members: Members = {
  at: { ...text, format: 'date-time' },
  pin: { ...text, writeOnly: true },
  hint: { ...text, example: 'see /srv/handbook/tokens/index.html' },
}

/**
 * Adds to the document of the control plane what the reference provider promises beyond it, so that
 * every check has a promise that can be broken: headers, formats, a `writeOnly` member, rarer statuses.
 */
export function widenDocument(document: unknown): unknown {
  const operation = ['paths', '/api/tokens/{id}', 'delete']
  const schemas = ['components', 'schemas']
  const steps: readonly (readonly [path: readonly string[], add: Members])[] = [
    [[...operation, 'responses', '200'], { headers }],
    [[...operation, 'responses'], { '308': refusal, '405': refusal }],
    ...['Unauthorized', 'NotFound', 'InternalError'].map(
      (name) => [['components', 'responses', name], { headers }] as const,
    ),
    [[...schemas, 'ErrorResponse', 'properties'], members],
    [[...schemas, 'ApiResponse_Message', 'properties', 'data', 'properties'], members],
  ]
  return steps.reduce((widened, [path, add]) => merge(widened, path, add), document)
}

function merge(value: unknown, [name, ...rest]: readonly string[], add: Members): Members {
  const own = typeof value === 'object' && value !== null ? (value as Members) : {}
  return name === undefined ? { ...own, ...add } : { ...own, [name]: merge(own[name], rest, add) }
}
