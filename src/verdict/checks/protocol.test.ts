import { expect, it } from 'vitest'
import { type Answer, complain, openWorld } from '../fixtures/trace.ts'
import { protocol } from './protocol.ts'

const world = await openWorld(
  "  /a: {get: {operationId: op, responses: {default: {description: d, content: {'*/*': {}}}}}}",
)
const said = (answer: Omit<Answer, 'status'> & { status?: number }) =>
  complain(protocol, world, { status: 200, body: '{}', ...answer }, ['default'])
const withHeader = (status: number, name: string, ...values: string[]) =>
  said({ status, headers: values.map((value) => [name, value] as const) })

it.each<[status: number, header: string, value: string, level: string | undefined]>([
  [405, 'Allow', 'GET, HEAD', undefined],
  [407, 'Proxy-Authenticate', 'Basic', undefined],
  [426, 'Upgrade', 'h2c', undefined],
  [206, 'Content-Range', 'bytes 0-1/2', undefined],
  [416, 'Content-Range', 'bytes */2', 'should'],
  [302, 'Location', '/b', 'should'],
  [308, 'Location', 'https://example.com/b?c#d', 'should'],
])('a %i has the header %s', (status, header, value, level) => {
  expect(said({ status })).toMatchObject([
    { expected: `the header ${header}`, received: 'none', ...(level && { level }) },
  ])
  expect(withHeader(status, header, value)).toEqual([])
})

it.each<[header: string, good: string[], bad: string[]]>([
  [
    'Retry-After',
    ['0', '120', 'Sun, 06 Nov 1994 08:49:37 GMT'],
    ['-1', '1.5', 'soon', '2026-01-01', ''],
  ],
  ['Allow', ['', 'GET', 'GET, PATCH ,DELETE'], ['GET POST', '"GET"']],
  [
    'Location',
    ['/a', '../b?c=%20', 'https://h/ü'.replace('ü', '%C3%BC')],
    ['/a b', '<http://h>', ''],
  ],
  ['ETag', ['"a"', 'W/"a"', '""'], ['a', 'w/"a"', '"a']],
  ['Age', ['0'], ['-1', 'x']],
  ['Last-Modified', ['Tue, 29 Feb 2028 00:00:00 GMT'], ['Tue, 29 Feb 2027 00:00:00 GMT', '0']],
  ['Content-Range', ['bytes 0-1/2', 'bytes */9', 'items 0-1/*'], ['0-1/2', 'bytes 0-1']],
])('%s is written as HTTP writes it', (header, good, bad) => {
  expect(good.flatMap((value) => withHeader(200, header, value))).toEqual([])
  expect(bad.map((value) => withHeader(200, header, value).length)).toEqual(bad.map(() => 1))
})

it.each<[type: string, told: number]>([
  ['application/json; charset=utf-8', 0],
  ['application/json;', 0],
  ['application/json ; a="b;c" ;; d=e', 0],
  ['application/json; charset', 1],
  ['application/json; charset=', 1],
  ['application/json charset=utf-8', 1],
])('the media type %s', (type, told) => {
  expect(said({ type })).toHaveLength(told)
})

it('dates are in the one form that may be sent, and there', () => {
  const dated = (...values: string[]) =>
    withHeader(200, 'Date', ...values).map(({ expected }) => expected)
  expect(dated('Sunday, 06-Nov-94 08:49:37 GMT')).toContain('Date as an HTTP date')
  expect(dated('Sun Nov  6 08:49:37 1994')).toContain('Date as an HTTP date')
})

it('the same value twice is only practice, two that differ are not', () => {
  expect(withHeader(200, 'ETag', '"a"', '"a"')).toMatchObject([{ level: 'should' }])
  expect(withHeader(200, 'ETag', '"a"', '"b"').map(({ level }) => level)).toEqual([undefined])
  expect(withHeader(200, 'Set-Cookie', 'a=1', 'b=2')).toEqual([])
})

it('all flaws of the wire are one complaint, and content with 205 is one of them', () => {
  const flaws = [
    { kind: 'wire', what: 'a' },
    { kind: 'wire', what: 'b', level: 'should' },
  ] as const
  expect(said({ flaws })).toMatchObject([{ received: 'a; b' }])
  expect(said({ flaws: flaws.slice(1) })).toMatchObject([{ received: 'b', level: 'should' }])
  expect(said({ status: 205 })).toMatchObject([{ received: '2 bytes of content with status 205' }])
  expect(said({ status: 205, body: '' })).toEqual([])
})

it('says nothing of a status that is neither documented nor expected', async () => {
  const other = await openWorld(
    "  /a: {get: {operationId: op, responses: {'200': {description: d}}}}",
  )
  expect(complain(protocol, other, { status: 405 }, ['200'])).toEqual([])
  expect(complain(protocol, other, { status: 405 }, ['405'])).toHaveLength(1)
})
