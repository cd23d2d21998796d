import { describe, expect, it } from 'vitest'
import { type AssayError, formatPosition } from '../errors.ts'
import type { Operation } from './operations.ts'
import { readDocument } from './read.ts'
import { responseFor } from './response-for.ts'
import { parseSource } from './source.ts'

/** The responses begin in line 6, in column 9. */
const read = async (responses: string, rest = ''): Promise<Operation> => {
  const text = `openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /a:
    get: {responses:
        ${responses}}
${rest}`
  const [operation] = readDocument(await parseSource(text, 'api.yaml')).operations
  if (operation === undefined) throw new Error('no operation')
  return operation
}

const told = (responses: string, rest?: string): Promise<unknown> =>
  read(responses, rest).then(
    () => 'no error',
    ({ code, message, at, hint }: AssayError) => [code, message, at && formatPosition(at), hint],
  )

const base = '/paths/~1a/get/responses'

describe('responses', () => {
  it('are read where their references lead, and remember where they were promised', async () => {
    const { responses } = await read(
      `{404: {$ref: '#/components/responses/A', description: here}, 200: {description: ok}}`,
      `components:
  responses:
    A: {$ref: '#/components/responses/B', description: there}
    B:
      description: elsewhere
      content: {a/b: {schema: {}}}
      headers:
        x-rate-limit: {required: true, schema: {}}
        Content-Type: {schema: {}}
        Retry-After: {$ref: '#/components/headers/H'}
  headers:
    H: {description: h}
`,
    )
    const pointer = '/components/responses/B'
    expect(responses).toEqual([
      {
        status: '200',
        description: 'ok',
        content: [],
        headers: [],
        pointer: `${base}/200`,
        promised: `${base}/200`,
      },
      {
        status: '404',
        description: 'here',
        content: [
          {
            name: 'a/b',
            schema: `${pointer}/content/a~1b/schema`,
            pointer: `${pointer}/content/a~1b`,
          },
        ],
        headers: [
          {
            name: 'x-rate-limit',
            required: true,
            schema: `${pointer}/headers/x-rate-limit/schema`,
            pointer: `${pointer}/headers/x-rate-limit`,
          },
          { name: 'Retry-After', required: false, pointer: '/components/headers/H' },
        ],
        pointer,
        promised: `${base}/404`,
      },
    ])
  })

  it('come in ascending order, then in that of the document', async () => {
    const { responses } = await read('{default: {}, 404: {}, 5XX: {}, 200: {}, x-a: 1, 4XX: {}}')
    const statuses = responses.map(({ status }) => status)
    expect(statuses).toEqual(['200', '404', 'default', '5XX', '4XX'])
  })

  it('may be none', async () => {
    expect((await read('{}')).responses).toEqual([])
  })

  it.each([
    ['4xx', 'write "4XX"'],
    ['5xX', 'write "5XX"'],
    ['Default', 'write "default"'],
    ["' 404'", 'write "404"'],
    ['4xxx', 'a code is written such as "404", a range such as "4XX"'],
    ['14xx', 'a code is written such as "404", a range such as "4XX"'],
    ['1404', 'a code is written such as "404", a range such as "4XX"'],
    ['40X', 'a code is written such as "404", a range such as "4XX"'],
    ['600', 'a code is written such as "404", a range such as "4XX"'],
    ['99', 'a code is written such as "404", a range such as "4XX"'],
    ['200.0', 'a code is written such as "404", a range such as "4XX"'],
    ['OK', 'a code is written such as "404", a range such as "4XX"'],
    ['$ref', 'a code is written such as "404", a range such as "4XX"'],
  ])('stand for no status called %s', async (key, hint) => {
    const status = key.replaceAll("'", '')
    expect(await told(`{${key}: {}}`)).toEqual([
      'DOCUMENT_STATUS_INVALID',
      `expected a status code, a range or "default", received "${status}"`,
      'api.yaml:6:10',
      hint,
    ])
  })

  it.each([
    ['[]', 'expected "responses" to be an object, received a list', '5:11'],
    ['{200: text}', 'expected "responses/200" to be an object, received "text"', '6:10'],
    ['{200: {content: text}}', 'expected "content" to be an object, received "text"', '6:16'],
    ['{200: {content: }}', 'expected "content" to be an object, received null', '6:16'],
    ['{200: {headers: [a]}}', 'expected "headers" to be an object, received a list', '6:16'],
    ['{200: {headers: {A: 1}}}', 'expected "A" to be an object, received the number 1', '6:26'],
    ['{200: {description: []}}', 'expected "description" to be a string, received a list', '6:16'],
  ])('are refused where %s has the wrong shape', async (responses, message, place) => {
    expect(await told(responses)).toEqual([
      'DOCUMENT_INVALID',
      message,
      `api.yaml:${place}`,
      undefined,
    ])
  })
})

describe('the response for a status', () => {
  it('is that of the code, else of its range, else the default', async () => {
    const operation = await read('{404: {}, 4XX: {}, 2XX: {}, default: {}}')
    const found = (status: number) => responseFor(operation, status)?.status
    expect([404, 400, 499, 200, 500, 302, 99, 999].map(found)).toEqual([
      '404',
      '4XX',
      '4XX',
      '2XX',
      'default',
      'default',
      'default',
      'default',
    ])
  })

  it('is none where nothing was promised', async () => {
    expect(responseFor(await read('{404: {}, 2XX: {}}'), 400)).toBeUndefined()
  })
})
