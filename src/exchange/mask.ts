import { revealAll, type Secret } from '../target/index.ts'
import { undoEscapes } from './escapes.ts'
import type { Disclosure } from './exchange.ts'
import { createNeedles, type Match, type Needle } from './needles.ts'

/** Secrets that must not be recorded, and the replacing of them. */
export type Mask = {
  /** Hides a secret from now on. The answer ends that, once nothing can come back any more. */
  hide(secret: Secret): () => void
  bytes(value: Buffer, where: string, found: Disclosure[]): Buffer
  text(value: string, where: string, found: Disclosure[]): string
}

const shown = '***'
const remembered = 200
const shortest = 8

/**
 * Makes an empty mask.
 *
 * A secret is found as it is, percent-encoded (RFC 3986, section 2.1) or in JSON escapes (RFC 8259,
 * section 7), whole or in part, in base64 at any offset (RFC 4648) and in hexadecimal. One that is
 * shorter than eight characters is only found as a word, or every answer would be full of it.
 */
export function createMask(): Mask {
  const hidden = new Map<string, { uses: number; readonly needles: readonly Needle[] }>()
  const needles = createNeedles()
  const leaving: string[] = []

  function hide(secret: Secret): () => void {
    const texts = revealAll(secret).flatMap((text) => [text, ...partsOf(text)])
    for (const text of texts) hideText(text, secret)
    return () => {
      for (const text of texts) leave(text)
    }
  }

  function hideText(text: string, secret: Secret): void {
    const known = hidden.get(text)
    if (known !== undefined) known.uses += 1
    else {
      const made = formsOf(text).map((form) => ({
        text: form,
        secret,
        word: text.length < shortest,
      }))
      for (const needle of made) needles.add(needle)
      hidden.set(text, { uses: 1, needles: made })
    }
  }

  /** The last secrets stay hidden for a while: an answer may still speak of them. */
  function leave(text: string): void {
    leaving.push(text)
    if (leaving.length <= remembered) return
    const gone = leaving.shift() ?? ''
    const entry = hidden.get(gone)
    if (entry === undefined) return
    entry.uses -= 1
    if (entry.uses > 0) return
    hidden.delete(gone)
    for (const needle of entry.needles) needles.remove(needle)
  }

  /** Where secrets stand in a text, its escapes undone once, twice and thrice. */
  function search(text: string, json: boolean, depth = 0): readonly Match[] {
    const here = needles.find(text, json)
    const inner = depth < 3 ? undoEscapes(text) : undefined
    if (inner === undefined) return here
    const { placeOf } = inner
    const deeper = search(inner.text, json, depth + 1).map(({ start, end, secret }) => ({
      start: placeOf(start),
      end: placeOf(end),
      secret,
    }))
    return [...here, ...deeper]
  }

  function cover(text: string, json: boolean, where: string, found: Disclosure[]): string {
    if (needles.size === 0) return text
    const matches = search(text, json)
    if (matches.length === 0) return text
    for (const secret of new Set(matches.map((match) => match.secret.name))) {
      found.push({ secret, where })
    }
    return withoutMatches(text, matches)
  }

  return {
    hide,
    text: (value, where, found) => cover(value, false, where, found),
    bytes(value, where, found) {
      const latin = value.toString('latin1')
      const masked = cover(latin, true, where, found)
      return masked === latin ? value : Buffer.from(masked, 'latin1')
    },
  }
}

function withoutMatches(text: string, matches: readonly Match[]): string {
  const pieces: string[] = []
  let end = 0
  for (const match of matches.toSorted((a, b) => a.start - b.start)) {
    if (match.start >= end) pieces.push(text.slice(end, match.start), shown)
    end = Math.max(end, match.end)
  }
  return [...pieces, text.slice(end)].join('')
}

/** What is secret by itself in `Bearer …`, `user:…` and `session=…`. */
function partsOf(text: string): readonly string[] {
  return text.match(/(?<=[\s:=])[^\s;,:=]{8,}(?==*($|[\s;,:]))/g) ?? []
}

/** How a secret may be written, apart from escapes; bytes stand as the characters of Latin-1. */
function formsOf(secret: string): readonly string[] {
  if (secret.length < 2) return []
  const bytes = Buffer.from(secret, 'utf8')
  const plain = [secret, bytes.toString('latin1')]
  if (secret.length < shortest) return [...new Set(plain)]
  const hex = bytes.toString('hex')
  const base64 = [0, 1, 2].flatMap((offset) => base64At(bytes, offset))
  return [...new Set([...plain, hex, hex.toUpperCase(), ...base64])]
}

/** The characters that a text keeps in base64 whatever stands before and after it. */
function base64At(bytes: Buffer, offset: number): readonly string[] {
  const padded = Buffer.concat([Buffer.alloc(offset), bytes])
  const whole = Math.floor((padded.length * 8) / 6)
  const text = padded.toString('base64').slice(Math.ceil((offset * 8) / 6), whole)
  return [text, text.replaceAll('+', '-').replaceAll('/', '_')]
}
