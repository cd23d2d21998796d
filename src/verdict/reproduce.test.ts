import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { RecordedRequest } from '../exchange/index.ts'
import { Secret } from '../target/index.ts'
import { openWorld, traceOf, type World } from './fixtures/trace.ts'
import type { Trace } from './index.ts'
import { reproduce } from './reproduce.ts'

const run = promisify(execFile)
const hasCurl = await run('curl', ['--version']).then(
  () => true,
  () => false,
)

const paths = `  /a/{id}:
    delete:
      operationId: op
      security: [{key: []}]
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: X-Note, in: header, required: true, example: it's $HOME}
        - {name: q, in: query, required: true, example: a $b}
      responses: {'200': {description: d}, '401': {description: d}, '404': {description: d}}
components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}`

const roles = { existing: { state: 'a thing exists', path: { id: 'id' }, credential: 'token' } }
const world = await openWorld(paths, { roles })

const request = (rest: Partial<RecordedRequest> = {}): RecordedRequest => ({
  method: 'DELETE',
  url: 'http://h/v1/a/i-1',
  headers: [
    ['accept', 'application/json'],
    ['X-Key', 'key-$API_KEY'],
  ],
  ...rest,
})

const shown = (value: string): Partial<RecordedRequest> => ({ headers: [['X-Key', value]] })

/** The lines for the last of the given requests. */
function lines(
  name: string,
  requests: readonly RecordedRequest[],
  rest: Partial<Trace> = {},
  { probe }: World = world,
): readonly string[] {
  const answers = requests.map(() => ({ status: 200 }))
  const trace = { ...traceOf(probe(name), answers, { requests }), ...rest }
  return reproduce(trace, requests.length - 1)
}

const arranging = (given: string, ...requests: Partial<RecordedRequest>[]) => ({
  given,
  requests: requests.map((each) =>
    request({ method: 'POST', url: 'http://h/states', headers: [], ...each }),
  ),
})

const scope = {
  existing: { id: 'i-1', token: new Secret('{existing.token}', 't'), idle: 'x' },
  witness: { id: 'i-2', token: new Secret('{witness.token}', 't') },
}

describe('what shows an answer again', () => {
  it('is one command where nothing was arranged, with the name of the credential', () => {
    expect(lines('404/absent', [request()])).toEqual([
      `curl -sSi -X DELETE 'http://h/v1/a/i-1' -H "X-Key: key-$API_KEY"`,
    ])
  })

  it('arranges what the request needs, and names what was answered', () => {
    const arranged = [arranging('existing', { body: '{"state":"a thing exists"}' })]
    expect(lines('200/valid', [request()], { arranged, scope })).toEqual([
      `curl -sS -X POST 'http://h/states' \\`,
      `  -H 'content-type: application/json' \\`,
      `  -d '{"state":"a thing exists"}'`,
      '# from the answer: existing_id=…',
      `curl -sSi -X DELETE "http://h/v1/a/$existing_id" -H "X-Key: key-$API_KEY"`,
    ])
  })

  it('leaves out what only later steps need', () => {
    const arranged = [arranging('existing', {})]
    const first = lines('401/none', [request({ headers: [] })], { arranged, scope })
    expect(first).toEqual([`curl -sSi -X DELETE 'http://h/v1/a/i-1'`])
    const second = lines('401/none', [request({ headers: [] }), request({ headers: [] })], {
      arranged,
      scope,
    })
    expect(second).toEqual([
      `curl -sS -X POST 'http://h/states'`,
      '# from the answer: existing_id=…',
      `curl -sSi -X DELETE 'http://h/v1/a/i-1'`,
      `curl -sSi -X DELETE "http://h/v1/a/$existing_id"`,
    ])
  })

  it('tells the answers of several states apart, and repeats every step', () => {
    const arranged = [
      arranging('existing', { url: 'http://h/1' }),
      arranging('witness', { url: 'http://h/2' }),
    ]
    const key = request(shown('key-{existing.token}'))
    const steps = [key, request(shown('key-{random}')), request(), key, key]
    const told = lines('deleted-credential-stops-working', steps, {
      arranged,
      scope,
    })
    expect(told).toEqual([
      `curl -sS -X POST 'http://h/1'`,
      '# from the answer: existing_id=… existing_token=…',
      `curl -sS -X POST 'http://h/2'`,
      '# from the answer: witness_id=…',
      `curl -sSi -X DELETE 'http://h/v1/a/i-1' -H "X-Key: key-$existing_token"`,
      `curl -sSi -X DELETE 'http://h/v1/a/i-1' -H 'X-Key: key-{random}'`,
      `curl -sSi -X DELETE "http://h/v1/a/$existing_id" -H "X-Key: key-$API_KEY"`,
      `curl -sSi -X DELETE 'http://h/v1/a/i-1' -H "X-Key: key-$existing_token"`,
      `curl -sSi -X DELETE "http://h/v1/a/$witness_id" -H "X-Key: key-$existing_token"`,
    ])
  })

  it('puts what one request of a recipe answered into the next', () => {
    const arranged = [
      arranging(
        'existing',
        { body: '{"name":"i-1"}' },
        { method: 'PUT', url: 'http://h/things/i-1/on', body: '{"id":"i-1","n":"i-12"}' },
      ),
    ]
    expect(lines('200/valid', [request()], { arranged, scope }).slice(0, -1)).toEqual([
      `curl -sS -X POST 'http://h/states' -H 'content-type: application/json' -d '{"name":"i-1"}'`,
      '# from the answer: existing_id=…',
      `curl -sS -X PUT "http://h/things/$existing_id/on" \\`,
      `  -H 'content-type: application/json' \\`,
      `  -d "{\\"id\\":\\"$existing_id\\",\\"n\\":\\"i-12\\"}"`,
    ])
  })

  it('always arranges a state that answers nothing, such as a fault', () => {
    const arranged = [arranging('fault', {})]
    expect(lines('404/absent', [request()], { arranged, scope: { fault: {} } })[0]).toBe(
      `curl -sS -X POST 'http://h/states'`,
    )
  })

  it('has variables whose names a shell takes', async () => {
    const named = await openWorld(paths.replace("'404'", "'409'"), {
      roles: { '409': { state: 's', path: { id: 'thing.id' }, credential: 'api-key' } },
    })
    const told = lines(
      '409/state',
      [request(shown('{409.api-key}'))],
      {
        arranged: [arranging('409', {})],
        scope: { '409': { 'thing.id': 'i-1', 'api-key': new Secret('{409.api-key}', 'k') } },
      },
      named,
    )
    expect(told.slice(1)).toEqual([
      '# from the answer: state_409_thing_id=… state_409_api_key=…',
      `curl -sSi -X DELETE "http://h/v1/a/$state_409_thing_id" -H "X-Key: $state_409_api_key"`,
    ])
  })

  it('breaks long lines between their parts, and a long body between its members', () => {
    const body = JSON.stringify({ state: 's'.repeat(60), params: { n: 1 }, action: 'setup' })
    const arranged = [arranging('existing', { body })]
    expect(lines('200/valid', [request()], { arranged, scope }).slice(0, 5)).toEqual([
      `curl -sS -X POST 'http://h/states' \\`,
      `  -H 'content-type: application/json' \\`,
      `  -d '{"state":"${'s'.repeat(60)}",`,
      `      "params":{"n":1},`,
      `      "action":"setup"}'`,
    ])
  })
})

describe('a command', () => {
  const only = (rest: Partial<RecordedRequest>) => lines('404/absent', [request(rest)]).join('\n')

  it.each<[name: string, Partial<RecordedRequest>, line: string]>([
    ['an empty header', shown(''), `curl -sSi -X DELETE 'http://h/v1/a/i-1' -H 'X-Key;'`],
    [
      'a description of how the key was altered',
      shown('key-{{existing.token} without its last quarter}'),
      `curl -sSi -X DELETE 'http://h/v1/a/i-1' \\\n  -H "X-Key: key-{$existing_token without its last quarter}"`,
    ],
    [
      'a variable before a letter',
      shown('$A_suffix {existing.token}x'),
      `curl -sSi -X DELETE 'http://h/v1/a/i-1' -H "X-Key: $A_suffix \${existing_token}x"`,
    ],
    [
      'a key from a file',
      shown("$(cat it's.key)"),
      `curl -sSi -X DELETE 'http://h/v1/a/i-1' -H "X-Key: $(cat 'it'\\''s.key')"`,
    ],
    [
      'Basic',
      shown('Basic base64($USER_KEY:)'),
      `curl -sSi -X DELETE 'http://h/v1/a/i-1' \\\n  -H "X-Key: Basic $(printf %s "\${USER_KEY}:" | base64 | tr -d '\\n')"`,
    ],
    [
      'a text that is no variable',
      shown('$5 and `id` \\ "!"'),
      `curl -sSi -X DELETE 'http://h/v1/a/i-1' -H 'X-Key: $5 and \`id\` \\ "!"'`,
    ],
    [
      'beside a variable',
      shown('$5 `id` \\ "!" $A'),
      `curl -sSi -X DELETE 'http://h/v1/a/i-1' -H "X-Key: \\$5 \\\`id\\\` \\\\ \\""'!'"\\" $A"`,
    ],
    [
      'an example, which is never expanded',
      { headers: [['x-note', "it's $HOME"]] },
      `curl -sSi -X DELETE 'http://h/v1/a/i-1' -H 'x-note: it'\\''s $HOME'`,
    ],
    ['HEAD', { method: 'HEAD', headers: [] }, `curl -sS --head 'http://h/v1/a/i-1'`],
    ['GET', { method: 'GET', headers: [] }, `curl -sSi 'http://h/v1/a/i-1'`],
    [
      'GET with a body',
      { method: 'GET', headers: [], body: '{}' },
      `curl -sSi -X GET 'http://h/v1/a/i-1' -H 'content-type: application/json' -d '{}'`,
    ],
    [
      'dot segments',
      { url: 'http://h/v1/../a/x', headers: [] },
      `curl -sSi -X DELETE --path-as-is 'http://h/v1/../a/x'`,
    ],
    [
      'brackets and braces',
      { url: 'http://h/v1/a/x?f[a]={b}', headers: [] },
      `curl -sSi -X DELETE --globoff 'http://h/v1/a/x?f[a]=%7Bb%7D'`,
    ],
    [
      'what may not stand in a URL',
      { url: 'http://h/v1/a/x?q=a $b"ü', headers: [] },
      `curl -sSi -X DELETE 'http://h/v1/a/x?q=a%20$b%22%C3%BC'`,
    ],
  ])('writes %s', (_, rest, line) => {
    expect(only(rest)).toBe(line)
  })

  it.each<[place: string, scheme: string, Partial<RecordedRequest>, line: string]>([
    [
      'the query',
      'in: query, name: key',
      { url: 'http://h/v1/a/x?q=a$b&key=$API_KEY', headers: [] },
      `curl -sSi -X DELETE "http://h/v1/a/x?q=a\\$b&key=$API_KEY"`,
    ],
    [
      'the query, described',
      'in: query, name: a key',
      { url: 'http://h/v1/a/x?a%20key={{existing.token} with a space}', headers: [] },
      `curl -sSi -X DELETE "http://h/v1/a/x?a%20key=%7B$existing_token%20with%20a%20space%7D"`,
    ],
    [
      'the query, empty',
      'in: query, name: key',
      { url: 'http://h/v1/a/x?key=', headers: [] },
      `curl -sSi -X DELETE 'http://h/v1/a/x?key='`,
    ],
    [
      'a cookie',
      'in: cookie, name: sid',
      { headers: [['cookie', 'sid=$API_KEY; theme=$dark']] },
      `curl -sSi -X DELETE 'http://h/v1/a/i-1' -H "cookie: sid=$API_KEY; theme=\\$dark"`,
    ],
  ])('expands the credential in %s, and nothing beside it', async (_, scheme, rest, line) => {
    const other = await openWorld(paths.replace('in: header, name: X-Key', scheme), { roles })
    expect(lines('404/absent', [request(rest)], {}, other)).toEqual([line])
  })

  it('keeps the literal parts of a path that look like variables', async () => {
    const literal = await openWorld(
      `  /$all/{id}/it.s:
    get: {operationId: op, parameters: [{name: id, in: path, required: true, example: x}], responses: {'200': {description: d}}}`,
      { roles: { existing: { state: 's', path: { id: 'id' } } } },
    )
    const url = 'http://h/$all/i-1/it.s'
    const told = lines(
      '200/valid',
      [request({ method: 'GET', url, headers: [] })],
      { scope, arranged: [] },
      literal,
    )
    expect(told).toEqual([`curl -sSi "http://h/\\$all/$existing_id/it.s"`])
  })
})

describe('in a shell', () => {
  const odd = `it's "odd" \`id\` $(id) \\ !`
  const arranged = [
    arranging('existing', { body: JSON.stringify({ state: odd, more: 'm'.repeat(90) }) }),
  ]

  it.skipIf(!hasCurl)('the lines send what was sent', async () => {
    const seen: string[] = []
    const server = createServer((incoming, response) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('end', () => {
        const { method, url, headers } = incoming
        const own = ['x-key', 'x-note'].map((name) => `${name}: ${headers[name]}`)
        seen.push([method, url, ...own, Buffer.concat(chunks)].join(' | '))
        response.end()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const told = lines(
      '401/none',
      [
        request({ url: `${base}/v1/a/../a%2Fb`, headers: [['X-Key', '']] }),
        request({
          url: `${base}/v1/a/i-1?q=a $b`,
          headers: [
            ['X-Key', 'Basic base64({existing.token}:)'],
            ['X-Note', odd],
          ],
        }),
      ],
      {
        scope,
        arranged: arranged.map((each) => ({
          ...each,
          requests: each.requests.map((one) => ({ ...one, url: `${base}/states` })),
        })),
      },
    )
    const script = told.join('\n')
    await run('bash', ['-n', '-c', script])
    try {
      await run('bash', ['-e', '-c', `existing_id=other existing_token=tok\n${script}`])
    } finally {
      server.closeAllConnections()
      server.close()
    }
    const body = JSON.stringify({ state: odd, more: 'm'.repeat(90) }).replace(
      ',"more"',
      ',\n      "more"',
    )
    expect(seen).toEqual([
      `POST | /states | x-key: undefined | x-note: undefined | ${body}`,
      'DELETE | /v1/a/../a%2Fb | x-key:  | x-note: undefined | ',
      `DELETE | /v1/a/other?q=a%20$b | x-key: Basic ${Buffer.from('tok:').toString('base64')} | x-note: ${odd} | `,
    ])
  })
})
