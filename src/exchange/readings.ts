import { type Kind, type Match, nothing } from './needles.ts'

/** Finds what is looked for in a text. */
export type Look = (text: string, kind: Kind) => readonly Match[]

/** Base64 (RFC 4648, sections 4 and 5) that holds eight bytes or more, and hexadecimal (section 8). */
const base64 = /[A-Za-z0-9+/_-]{11,}/g
const hexadecimal = /[0-9A-Fa-f]{16,}/g
const encoded = /[%\\]|[A-Za-z0-9+/_-]{11}/

const escapes = /%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\[\\/"]/g

/**
 * Looks into a text read in every way in which it, or a part of it, may be encoded: without its
 * escapes, and each run of digits decoded. What is found is placed in the text itself.
 */
export function lookInside(text: string, kind: Kind, look: Look): readonly Match[] {
  if (!encoded.test(text)) return nothing
  const found = [...lookUnescaped(text, (plain) => look(plain, kind))]
  lookInRuns(text, base64, 'base64', look, found)
  lookInRuns(text, hexadecimal, 'hex', look, found)
  return found
}

/** Looks into a text without its escapes. */
export function lookUnescaped(
  text: string,
  look: (plain: string) => readonly Match[],
): readonly Match[] {
  const unescaped = undoEscapes(text)
  if (unescaped === undefined) return nothing
  const { placeOf } = unescaped
  return look(unescaped.text).map(({ start, end, secret }) => ({
    start: placeOf(start),
    end: placeOf(end),
    secret,
  }))
}

/** Decodes each run from wherever a byte of ours may begin in it. */
function lookInRuns(
  text: string,
  runs: RegExp,
  code: 'base64' | 'hex',
  look: Look,
  found: Match[],
): void {
  const perByte = code === 'hex' ? 2 : 4 / 3
  for (const { digits, at } of runsIn(text, runs)) {
    decodings(digits, code).forEach((bytes, skipped) => {
      for (const { start, end, secret } of look(bytes, 'bytes')) {
        const first = at + skipped
        found.push({
          start: first + Math.floor(start * perByte),
          end: Math.min(at + digits.length, first + Math.ceil(end * perByte)),
          secret,
        })
      }
    })
  }
}

const remembered = { base64: new Map<string, readonly string[]>(), hex: new Map() }

/** What digits stand for, from each of the first on; the same words come in most answers. */
function decodings(digits: string, code: 'base64' | 'hex'): readonly string[] {
  const known = remembered[code].get(digits)
  if (known !== undefined) return known
  const offsets = code === 'hex' ? [0, 1] : [0, 1, 2, 3]
  const decoded = offsets.map((skipped) => decode(digits.slice(skipped), code))
  if (digits.length > 32) return decoded
  if (remembered[code].size >= 500) remembered[code].clear()
  remembered[code].set(digits, decoded)
  return decoded
}

const scratch = Buffer.alloc(4096)

/** The bytes that digits stand for, as the characters of Latin-1. */
function decode(digits: string, code: 'base64' | 'hex'): string {
  if (digits.length > scratch.length) return Buffer.from(digits, code).toString('latin1')
  return scratch.toString('latin1', 0, scratch.write(digits, code))
}

/** All of them, before a search inside one uses the expression again. */
function runsIn(text: string, runs: RegExp): readonly { digits: string; at: number }[] {
  const found: { digits: string; at: number }[] = []
  runs.lastIndex = 0
  for (let run = runs.exec(text); run !== null; run = runs.exec(text))
    found.push({ digits: run[0], at: run.index })
  return found
}

type Unescaped = { readonly text: string; placeOf(index: number): number }

/**
 * Undoes percent-encoding (RFC 3986, section 2.1) and the escapes of JSON strings (RFC 8259,
 * section 7), in whatever mixture they come; undefined where there are none.
 */
function undoEscapes(escaped: string): Unescaped | undefined {
  if (!/[%\\]/.test(escaped)) return undefined
  const ends: number[] = []
  const shifts: number[] = []
  let shift = 0
  const text = escaped.replace(escapes, (whole, offset: number) => {
    ends.push(offset - shift + 1)
    shift += whole.length - 1
    shifts.push(shift)
    return plain(whole)
  })
  if (ends.length === 0) return undefined
  return { text, placeOf: (index) => index + (shifts[lastUpTo(ends, index)] ?? 0) }
}

function plain(written: string): string {
  if (written.startsWith('%')) return String.fromCharCode(Number.parseInt(written.slice(1), 16))
  if (written.length === 6) return String.fromCharCode(Number.parseInt(written.slice(2), 16))
  return written.slice(1)
}

/** The index of the last number that is not above the limit; -1: there is none. */
function lastUpTo(sorted: readonly number[], limit: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) <= limit) low = middle + 1
    else high = middle
  }
  return low - 1
}
