/** Makes an OpenAPI document of any size: each operation reads one thing and documents 401 and 404. */
export function makeDocument(operations: number): string {
  const error = { $ref: '#/components/responses/Error' }
  const paths = Array.from({ length: operations }, (_, index) => [
    `/things-${index}/{id}`,
    {
      get: {
        operationId: `readThing${index}`,
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        responses: { 401: error, 404: error },
      },
    },
  ])
  return JSON.stringify({
    openapi: '3.1.0',
    info: { title: `${operations} operations`, version: '1' },
    security: [{ key: [] }],
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'Authorization' } },
      schemas: {
        Error: {
          type: 'object',
          required: ['success', 'error'],
          properties: { success: { type: 'boolean' }, error: { type: 'string' } },
        },
      },
      responses: {
        Error: {
          description: 'no',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
        },
      },
    },
  })
}
