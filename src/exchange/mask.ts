import { revealAll, type Secret } from '../target/index.ts'
import type { Disclosure } from './exchange.ts'
import { createNeedles, type Kind, type Match, type Needle, nothing } from './needles.ts'
import { type Look, lookInside, lookUnescaped } from './readings.ts'

/** Secrets that must not be recorded, and the replacing of them. */
export type Mask = {
  /** Hides a secret from now on. The answer ends that, once nothing can come back any more. */
  hide(secret: Secret): () => void
  /** Whether a secret stands anywhere in a text. */
  holds(text: string): boolean
  bytes(value: Buffer, where: string, found: Disclosure[]): Buffer
  text(value: string, where: string, found: Disclosure[]): string
  /** For a text of our own, which holds a secret as it is or escaped, if at all. */
  own(value: string): string
}

type Hidden = { uses: number; readonly needles: readonly Needle[] }

const shown = '***'
const remembered = 200
const deepest = 3

/**
 * Makes an empty mask.
 *
 * Secrets are kept as they are; what comes back is read in every way in which one may be encoded,
 * in whatever mixture up to three deep: escaped, in base64, in hexadecimal, whole or in part.
 */
export function createMask(): Mask {
  const hidden = new Map<string, Hidden>()
  const needles = createNeedles()
  const leaving: string[] = []
  const looks = Array.from({ length: deepest + 1 }, (_, depth): Look => {
    return (text, kind) => search(text, kind, depth)
  })

  function hide(secret: Secret): () => void {
    const texts = revealAll(secret).flatMap(withParts)
    for (const text of texts) hideText(text, secret)
    return () => {
      for (const text of texts) leave(text)
    }
  }

  function hideText(text: string, secret: Secret): void {
    const known = hidden.get(text)
    if (known !== undefined) {
      known.uses += 1
      return
    }
    const made = formsOf(text).map((form) => ({ text: form, secret }))
    for (const needle of made) needles.add(needle)
    hidden.set(text, { uses: 1, needles: made })
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

  function search(text: string, kind: Kind, depth: number): readonly Match[] {
    const here = needles.find(text, kind)
    const look = looks[depth + 1]
    const inside = look === undefined ? nothing : lookInside(text, kind, look)
    return inside.length === 0 ? here : [...here, ...inside]
  }

  function cover(text: string, kind: Kind, where: string, found: Disclosure[]): string {
    if (needles.size === 0) return text
    const matches = search(text, kind, 0)
    if (matches.length === 0) return text
    for (const secret of new Set(matches.map((match) => match.secret.name))) {
      found.push({ secret, where })
    }
    return withoutMatches(text, matches)
  }

  return {
    hide,
    holds: (text) => needles.size > 0 && search(text, 'text', 0).length > 0,
    text: (value, where, found) => cover(value, 'text', where, found),
    bytes(value, where, found) {
      const latin = value.toString('latin1')
      const masked = cover(latin, 'json', where, found)
      return masked === latin ? value : Buffer.from(masked, 'latin1')
    },
    own(value) {
      const matches = [
        ...needles.find(value, 'text'),
        ...lookUnescaped(value, (text) => needles.find(text, 'text')),
      ]
      return matches.length === 0 ? value : withoutMatches(value, matches)
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

/** A secret, and what is secret by itself in `Bearer …`, `user:…` and `session=…`. */
function withParts(text: string): readonly string[] {
  if (!/[\s:=]/.test(text)) return [text]
  return [text, ...(text.match(/(?<=[\s:=])[^\s;,:=]{8,}(?==*($|[\s;,:]))/g) ?? [])]
}

/** A secret as it is, and as bytes, which stand as the characters of Latin-1; one letter is none. */
function formsOf(secret: string): readonly string[] {
  if (secret.length < 2) return []
  if (/^[\0-\x7f]*$/.test(secret)) return [secret]
  return [secret, Buffer.from(secret, 'utf8').toString('latin1')]
}
