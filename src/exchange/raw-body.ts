import type { Flaw } from './exchange.ts'
import { type Head, wire } from './raw-head.ts'

/** The content of one answer, and where it ends; 'more': not all of it has come. */
export type Content = {
  readonly body: Buffer
  readonly end: number
  readonly flaws: readonly Flaw[]
}

type Reading = {
  readonly bytes: Buffer
  readonly head: Head
  /** Of the request. */
  readonly method: string
  /** Whether the other side has closed the connection. */
  readonly ended: boolean
}

const nothing = Buffer.alloc(0)

/** Reads the content behind a head by the rules of RFC 9112, section 6.3, and says what breaks them. */
export function readContent({ bytes, head, method, ended }: Reading): Content | 'more' {
  const lengths = valuesOf(head, 'content-length')
  const codings = valuesOf(head, 'transfer-encoding')
  const flaws = framingFlaws(head, lengths, codings)
  if (method === 'HEAD' || head.status < 200 || [204, 304].includes(head.status))
    return { body: nothing, end: head.end, flaws }
  if (isChunked(codings)) return withFlaws(readChunks(bytes, head.end, ended), flaws)
  const length = codings.length > 0 ? undefined : lengthOf(lengths)
  const all = bytes.subarray(head.end)
  if (length === undefined) return ended ? { body: all, end: bytes.length, flaws } : 'more'
  if (all.length >= length) return { body: all.subarray(0, length), end: head.end + length, flaws }
  return ended
    ? { body: all, end: bytes.length, flaws: [...flaws, cut(all.length, length)] }
    : 'more'
}

/** RFC 9112, sections 6.1 and 6.2; RFC 9110, section 8.6. */
function framingFlaws(
  { status }: Head,
  lengths: readonly string[],
  codings: readonly string[],
): readonly Flaw[] {
  const flaws: Flaw[] = []
  if (lengths.length > 0 && codings.length > 0)
    flaws.push(wire('Content-Length beside Transfer-Encoding'))
  const [length = ''] = lengths
  if (lengths.length > 1)
    flaws.push(wire(`Content-Length ${lengths.length} times: ${lengths.join(' and ')}`))
  else if (lengths.length === 1 && !/^\d+$/.test(length))
    flaws.push(wire(`Content-Length: ${length.slice(0, 60)}`))
  if (status < 200 || status === 204) {
    if (codings.length > 0) flaws.push(wire(`Transfer-Encoding with status ${status}`))
    if (lengths.length > 0)
      flaws.push({
        ...wire(`Content-Length with status ${status}`),
        ...(/^0+$/.test(length) ? { level: 'should' } : {}),
      })
  }
  const names = namesOf(codings)
  if (names.filter((name) => name === 'chunked').length > 1) flaws.push(wire('chunked twice'))
  if (names.indexOf('chunked') > -1 && names.at(-1) !== 'chunked')
    flaws.push(wire('a transfer coding applied after chunked'))
  const unknown = names.find((name) => name !== 'chunked')
  if (unknown !== undefined)
    flaws.push(wire(`Transfer-Encoding: ${unknown}, which nobody asked for`))
  return flaws
}

/** RFC 9112, section 7.1. */
function readChunks(bytes: Buffer, start: number, ended: boolean): Content | 'more' {
  const chunks: Buffer[] = []
  const flaws: Flaw[] = []
  const done = (end: number, ...more: Flaw[]): Content => ({
    body: Buffer.concat(chunks),
    end,
    flaws: [...flaws, ...more],
  })
  const broken = () =>
    done(bytes.length, { kind: 'cut', what: 'the connection was closed before the last chunk' })
  for (let at = start; ; ) {
    const feed = bytes.indexOf(0x0a, at)
    if (feed === -1) {
      if (!ended) return 'more'
      return at < bytes.length ? done(bytes.length, wire('a chunk without size')) : broken()
    }
    const line = bytes.toString('latin1', at, feed)
    const size = /^([0-9A-Fa-f]{1,12})[ \t]*(?:;[^\r\n]*)?\r$/.exec(line)?.[1]
    if (size === undefined)
      return done(bytes.length, wire(`the chunk size ${JSON.stringify(line.slice(0, 40))}`))
    const begin = feed + 1
    const end = begin + Number.parseInt(size, 16)
    if (end === begin) return endOfTrailers(bytes, begin, ended, done, broken)
    if (bytes.length < end + 2) {
      if (!ended) return 'more'
      chunks.push(bytes.subarray(begin, end))
      return broken()
    }
    chunks.push(bytes.subarray(begin, end))
    if (bytes.toString('latin1', end, end + 2) !== '\r\n')
      return done(bytes.length, wire('a chunk that is longer than its size says'))
    at = end + 2
  }
}

function endOfTrailers(
  bytes: Buffer,
  start: number,
  ended: boolean,
  done: (end: number, ...more: Flaw[]) => Content,
  broken: () => Content,
): Content | 'more' {
  for (let at = start; ; ) {
    const feed = bytes.indexOf('\r\n', at)
    if (feed === -1) return ended ? broken() : 'more'
    if (feed === at) return done(feed + 2)
    at = feed + 2
  }
}

function withFlaws(content: Content | 'more', flaws: readonly Flaw[]): Content | 'more' {
  return content === 'more' ? content : { ...content, flaws: [...flaws, ...content.flaws] }
}

export function cut(came: number, promised: number): Flaw {
  return { kind: 'cut', what: `the connection was closed after ${came} of ${promised} bytes` }
}

function isChunked(codings: readonly string[]): boolean {
  return namesOf(codings).includes('chunked')
}

function namesOf(codings: readonly string[]): readonly string[] {
  return codings
    .flatMap((value) => value.split(','))
    .map((each) => (each.split(';')[0] ?? '').trim().toLowerCase())
    .filter((each) => each !== '')
}

/** The first well-formed length, for where several disagree somebody has to be believed. */
function lengthOf(lengths: readonly string[]): number | undefined {
  const found = lengths.flatMap((each) => each.split(',')).find((each) => /^\s*\d+\s*$/.test(each))
  return found === undefined ? undefined : Number(found)
}

export function valuesOf({ headers }: Pick<Head, 'headers'>, name: string): readonly string[] {
  return headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value)
}
