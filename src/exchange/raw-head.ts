import { maxHeaderSize } from 'node:http'
import type { Flaw } from './exchange.ts'

/** The head of one answer, read leniently: what is wrong with it is said, not refused. */
export type Head = {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Where the head ends and its content may begin. */
  readonly end: number
  readonly flaws: readonly Flaw[]
}

/** The head is not complete yet, what came is no HTTP, or it is larger than anybody reads. */
export type NoHead = 'more' | 'foreign' | 'oversize'

const statusLine = /^HTTP\/(\d\.\d) (\d{3}) [^\0-\x08\x0a-\x1f\x7f]*$/
const lenientStatusLine = /^HTTP\/\d+(?:\.\d+)?\s+(\d{3})(?!\d)/
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const forbidden = /[\0-\x08\x0a-\x1f\x7f]/

/** Reads the status line and the header section that begin at an offset (RFC 9112, sections 2 to 5). */
export function readHead(bytes: Buffer, start: number): Head | NoHead {
  const text = bytes.toString('latin1', start, start + maxHeaderSize + 1)
  if (!'HTTP/'.startsWith(text.slice(0, 5))) return 'foreign'
  const found = linesOf(text)
  if (found === undefined) return text.length > maxHeaderSize ? 'oversize' : 'more'
  const { lines, end, bare } = found
  const [first = '', ...rest] = lines
  const status = Number(lenientStatusLine.exec(first)?.[1])
  if (Number.isNaN(status)) return 'foreign'
  const flaws: Flaw[] = bare ? [wire('a line that ends without CR LF')] : []
  flaws.push(...statusFlaws(first, status))
  return { status, headers: readHeaders(rest, flaws), end: start + end, flaws }
}

export function wire(what: string): Flaw {
  return { kind: 'wire', what }
}

function linesOf(text: string) {
  const lines: string[] = []
  let bare = false
  for (let at = 0; ; ) {
    const feed = text.indexOf('\n', at)
    if (feed === -1) return undefined
    const ended = text[feed - 1] === '\r' && feed > at
    const line = text.slice(at, ended ? feed - 1 : feed)
    if (!ended) bare = true
    at = feed + 1
    if (line === '') return { lines, end: at, bare }
    lines.push(line)
  }
}

/** RFC 9112, section 4; codes outside 100 to 599 are invalid (RFC 9110, section 15). */
function statusFlaws(line: string, status: number): readonly Flaw[] {
  const shown = JSON.stringify(line.slice(0, 60))
  const [, version] = statusLine.exec(line) ?? []
  if (version === undefined) return [wire(`the status line ${shown}`)]
  if (version !== '1.1' && version !== '1.0') return [wire(`the version HTTP/${version}`)]
  return status < 100 || status > 599 ? [wire(`the status code ${status}`)] : []
}

/** RFC 9112, section 5, and RFC 9110, sections 5.1 and 5.5. */
function readHeaders(lines: readonly string[], flaws: Flaw[]): Head['headers'] {
  const headers: [string, string][] = []
  for (const line of lines) {
    const last = headers.at(-1)
    if (/^[ \t]/.test(line)) {
      flaws.push(
        wire(last === undefined ? 'a header section that begins with a space' : folded(last)),
      )
      if (last !== undefined) last[1] = `${last[1]} ${line.trim()}`
      continue
    }
    const colon = line.indexOf(':')
    const name = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')
    const shown = JSON.stringify(name.slice(0, 60))
    if (colon === -1) flaws.push(wire(`the header line ${shown} without a colon`))
    else if (token.test(name.trimEnd()) && name !== name.trimEnd())
      flaws.push(
        wire(`a space between the header name ${JSON.stringify(name.trimEnd())} and its colon`),
      )
    else if (!token.test(name)) flaws.push(wire(`the header name ${shown}`))
    if (forbidden.test(value)) flaws.push(wire(`a control character in the header ${name}`))
    headers.push([name.trimEnd(), value])
  }
  return headers
}

function folded([name]: readonly string[]): string {
  return `the header ${name} folded over several lines`
}
