import { inspect } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Secret } from '../target/index.ts'
import { type Changes, serve, targetAt } from './fixtures/serve.ts'
import { type Disclosure, openClient, type Request } from './index.ts'
import { createMask } from './mask.ts'

const text = 'tok_aKxq7TT0mZ/+=é'
const ascii = 'aKxq7TT0mZ4v-W_yQ1'

/** What becomes of a body when these texts are hidden. */
function masked(body: string | Buffer, ...hidden: readonly string[]) {
  const mask = createMask()
  hidden.forEach((each, index) => void mask.hide(new Secret(`$${index}`, each)))
  const found: Disclosure[] = []
  const bytes = mask.bytes(Buffer.from(body), 'body', found).toString()
  return { bytes, found }
}

const utf8 = Buffer.from(text)
const hex = utf8.toString('hex')
const each = (write: (byte: number) => string) => [...utf8].map(write).join('')
const twoDigits = (byte: number) => byte.toString(16).padStart(2, '0')
const escaped = [...text]
  .map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
  .join('')

test.each<[string, string]>([
  ['as it is', text],
  ['percent-encoded', encodeURIComponent(text)],
  [
    'percent-encoded in lower case',
    encodeURIComponent(text).replaceAll(/%../g, (code) => code.toLowerCase()),
  ],
  ['percent-encoded byte by byte', each((byte) => `%${twoDigits(byte)}`)],
  ['percent-encoded twice', encodeURIComponent(encodeURIComponent(text))],
  ['in hexadecimal', hex],
  ['in hexadecimal in upper case', hex.toUpperCase()],
  ['in JSON', JSON.stringify(text).slice(1, -1)],
  ['in JSON with escaped slashes', text.replaceAll('/', '\\/')],
  ['in JSON escapes', escaped],
  [
    'in JSON escapes in upper case',
    escaped.replaceAll(/\\u..../g, (code) => `\\u${code.slice(2).toUpperCase()}`),
  ],
  [
    'in JSON escapes in part',
    text.replace('+', '\\u002B').replace('=', '\\u003d').replace('é', '\\u00e9'),
  ],
  [
    'in JSON in JSON',
    JSON.stringify(JSON.stringify({ a: text.replaceAll('/', '\\/') })).slice(1, -1),
  ],
  ['percent-encoded in JSON escapes', encodeURIComponent(text).replaceAll('%', '\\u0025')],
])('a secret that comes back %s is masked', (_, form) => {
  const { bytes, found } = masked(`{"a":"<${form}>","b":1}`, text)
  expect(bytes).toMatch(/^\{"a":"<.*\*\*\*.*>","b":1\}$/)
  expect(bytes).not.toContain(form)
  expect(found).toEqual([{ secret: '$0', where: 'body' }])
  for (const part of [text, hex, 'aKxq7TT0mZ'])
    expect(decodeURIComponent(bytes)).not.toContain(part)
})

test.each(['base64', 'base64url'] as const)('a secret is found in %s at any offset', (encoding) => {
  for (const before of ['', 'u', 'us', 'use', 'user:']) {
    const form = Buffer.from(`${before}${text}:after`).toString(encoding)
    const { bytes } = masked(`Basic ${form}`, text)
    expect(bytes).toContain('***')
    const rest = bytes.replace('Basic ', '').split('***')
    const decoded = rest.map((part) => Buffer.from(part, encoding).toString('latin1')).join()
    expect(decoded).not.toMatch(/Kxq7|TT0m/)
  }
})

test('a secret is found in base64 whichever two letters stand for + and /', () => {
  const secret = '>>>???~~~ûÿ>>>???'
  const form = Buffer.from(secret).toString('base64')
  expect(form).toMatch(/\+.*\/|\/.*\+/)
  expect(masked(form, secret).bytes).toMatch(/^\*\*\*.?=*$/)
  expect(masked(Buffer.from(secret).toString('base64url'), secret).bytes).toMatch(/^\*\*\*.?$/)
})

test('JSON stays JSON, and what stands around a secret stays as it is', () => {
  const body = JSON.stringify({
    before: 'é',
    list: [text, `a ${text} b ${text}`],
    after: '\\u0041',
  })
  const { bytes, found } = masked(body, text)
  expect(JSON.parse(bytes)).toEqual({ before: 'é', list: ['***', 'a *** b ***'], after: '\\u0041' })
  expect(found).toHaveLength(1)
})

test('bytes that are no text stay as they are', () => {
  const body = Buffer.from([0xff, 0xfe, 0x00, 0x80, ...Buffer.from(text), 0xc3])
  const mask = createMask()
  mask.hide(new Secret('$', text))
  expect(mask.bytes(body, 'body', [])).toEqual(
    Buffer.from([0xff, 0xfe, 0x00, 0x80, 42, 42, 42, 0xc3]),
  )
  const other = Buffer.from([0xff, 0xc3, 0x28])
  expect(mask.bytes(other, 'body', [])).toBe(other)
})

test('secrets that overlap leave nothing of each other', () => {
  const { bytes } = masked('abcdefghijklmnop', 'abcdefghij', 'ghijklmnop', 'abcdefgh')
  expect(bytes).toBe('***')
  expect(masked('abcdefghijklmnop', 'abcdefghijklmnop', 'defghijk').bytes).toBe('***')
})

test('the parts of a credential that are secret by themselves are masked by themselves', () => {
  const shown = [`Bearer ${ascii}`, `user:${ascii}`, `sid=${ascii}; theme=dark`, `Basic ${ascii}==`]
  for (const secret of shown) {
    expect(masked(`got ${ascii}!`, secret).bytes).toBe('got ***!')
  }
  const mask = createMask()
  mask.hide(new Secret('key-$K', `key-${ascii}`, [ascii]))
  expect(mask.text(`got ${ascii}`, 'header', [])).toBe('got ***')
  expect(masked('session_id theme=dark Negotiate', `session_id=${ascii}; theme=dark`).bytes).toBe(
    'session_id theme=dark Negotiate',
  )
})

describe('a short secret', () => {
  test.each([
    ['abc', 'abc abcd xabc abc1 (abc) "abc"', '*** abcd xabc abc1 (***) "***"'],
    ['k.+', 'k.+ kk+ ak.+', '*** kk+ ak.+'],
    ['abc', '616263 YWJj %61%62%63', '616263 YWJj ***'],
    ['a', 'a', 'a'],
    ['', 'a', 'a'],
  ])('is found as a word: %j', (secret, body, expected) => {
    expect(masked(body, secret).bytes).toBe(expected)
  })

  test.each([
    ['1', '{"a":1,"b":[1, 1],"c":"1","d":" 1"}', '{"a":1,"b":[1, 1],"c":"1","d":" 1"}'],
    ['17', '{"a":17,"b":[17, 17],"c":"17"}', '{"a":17,"b":[17, 17],"c":"***"}'],
    ['true', '{"success": true, "note":"it is true"}', '{"success": true, "note":"it is ***"}'],
  ])('that is a number or literal leaves JSON what it is: %s', (secret, body, expected) => {
    expect(masked(body, secret).bytes).toBe(expected)
  })
})

describe('what is hidden', () => {
  test('stays hidden for the next two hundred that end, then no longer', () => {
    const mask = createMask()
    const end = mask.hide(new Secret('$', ascii))
    end()
    for (let other = 0; other < 199; other += 1) mask.hide(new Secret('$', `other-${other}`))()
    expect(mask.text(ascii, 'x', [])).toBe('***')
    mask.hide(new Secret('$', 'other-199'))()
    mask.hide(new Secret('$', 'other-200'))()
    expect(mask.text(ascii, 'x', [])).toBe(ascii)
  })

  test('stays hidden as long as somebody still uses it', () => {
    const mask = createMask()
    mask.hide(new Secret('$', ascii))
    mask.hide(new Secret('$', ascii))()
    for (let other = 0; other < 500; other += 1) mask.hide(new Secret('$', `other-${other}`))()
    expect(mask.text(ascii, 'x', [])).toBe('***')
  })

  test('costs no more to look for when there is much of it', () => {
    const mask = createMask()
    for (let other = 0; other < 300; other += 1) mask.hide(new Secret('$', `${ascii}-${other}`))
    const body = Buffer.from(
      JSON.stringify({ success: false, error: 'no such token', x: 'y'.repeat(60) }),
    )
    const start = performance.now()
    for (let time = 0; time < 20_000; time += 1) mask.bytes(body, 'body', [])
    expect(performance.now() - start).toBeLessThan(5000)
  })

  test('is looked for in a large body of escapes without delay', () => {
    const mask = createMask()
    mask.hide(new Secret('$', ascii))
    const body = Buffer.from(`"${'\\"%41'.repeat(300_000)}${ascii}"`)
    const start = performance.now()
    expect(mask.bytes(body, 'body', []).subarray(-4).toString()).toBe('***"')
    expect(performance.now() - start).toBeLessThan(5000)
  })
})

async function ask(
  request: Partial<Request>,
  answer: (body: string) => string,
  changes: Changes = {},
) {
  const server = await serve((response, { body, headers }) => {
    const echoed = headers[headers.indexOf('Authorization') + 1] ?? ''
    response
      .writeHead(200, ['X-Echo', encodeURIComponent(echoed), 'X-Plain', 'x'])
      .end(answer(body))
  })
  onTestFinished(() => server.close())
  const client = openClient(targetAt(server.url, changes), { userAgent: 'a' })
  onTestFinished(() => client.close())
  const whole = { method: 'POST', baseUrl: server.url, path: '/', headers: [], ...request }
  return { server, client, whole, sent: await client.send(whole) }
}

test('a recorded request shows secrets by their names, and none of their texts', async () => {
  const secret = new Secret('key-$API_KEY', `key-${ascii}`)
  const { server, sent } = await ask(
    {
      headers: [
        ['Authorization', secret],
        ['X-Plain', `has ${ascii}`],
      ],
      query: [
        ['key', new Secret('$API_KEY', ascii)],
        ['q', `a ${ascii}`],
      ],
      path: `/x/${ascii}`,
      body: { list: [secret], text: `see ${ascii}` },
    },
    (body) => body,
    { credential: new Secret('$API_KEY', ascii) },
  )
  expect(sent.exchange.request).toEqual({
    method: 'POST',
    url: `${server.url}/x/***?key=$API_KEY&q=a%20***`,
    headers: [
      ['Authorization', 'key-$API_KEY'],
      ['X-Plain', 'has ***'],
    ],
    body: '{"list":["key-$API_KEY"],"text":"see ***"}',
  })
  expect(server.heard[0]?.url).toContain(`/x/${ascii}?key=${ascii}&q=`)
  expect(server.heard[0]?.body).toBe(`{"list":["key-${ascii}"],"text":"see ${ascii}"}`)
  expect(inspect(sent, { depth: 9 })).not.toContain(ascii)
})

test('an answer that echoes a credential is recorded with the mask, and says where it did', async () => {
  const { sent } = await ask(
    { headers: [['Authorization', new Secret('key-$K', `key ${ascii}`)]] },
    () => `{"got":"key ${ascii}"}`,
  )
  if (sent.exchange.kind !== 'answered') throw new Error(sent.exchange.reason)
  const { response } = sent.exchange
  expect(response.headers).toContainEqual(['X-Echo', '***'])
  expect(Buffer.from(response.body).toString()).toBe('{"got":"***"}')
  expect(response.disclosed).toEqual([
    { secret: 'key-$K', where: 'header X-Echo' },
    { secret: 'key-$K', where: 'body' },
  ])
})

test.each<[string, Changes]>([
  ['credential', { credential: new Secret('$', ascii) }],
  ['headers', { headers: [['X-Key', new Secret('$', ascii)]] }],
  ['fault header', { faultHeader: ['X-Fault', new Secret('$', ascii)] }],
  [
    'state headers',
    { states: { kind: 'url', url: 'http://h/s', headers: [['X-A', new Secret('$', ascii)]] } },
  ],
])('what is configured is masked in every answer: %s', async (_, changes) => {
  const { sent } = await ask({}, () => `"${ascii}"`, changes)
  expect(sent.exchange).toMatchObject({ response: { body: Buffer.from('"***"') } })
})

test('what an altered credential was derived to is masked too', async () => {
  const derived = new Secret('$K', ascii).derive('reversed', (key) => [...key].reverse().join(''))
  const reversed = [...ascii].reverse().join('')
  const { sent } = await ask({ headers: [['Authorization', derived]] }, () => `"${reversed}"`)
  expect(sent.exchange).toMatchObject({ response: { body: Buffer.from('"***"') } })
})

test('a captured secret is masked in this and later answers, while it is not forgotten and after', async () => {
  const { client, whole, sent } = await ask({}, () => `{"token":"${ascii}"}`)
  expect(
    Buffer.from(sent.exchange.kind === 'answered' ? sent.exchange.response.body : '').toString(),
  ).toContain(ascii)
  const capture = () => ({ token: new Secret('{it.token}', ascii) })
  const caught = await client.send(whole, { capture })
  const later = await client.send(whole)
  caught.forget()
  const after = await client.send(whole)
  for (const { exchange } of [caught, later, after]) {
    expect(exchange).toMatchObject({ response: { body: Buffer.from('{"token":"***"}') } })
  }
})
