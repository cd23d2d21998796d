import type { Secret } from '../target/index.ts'

/** One text that must not be seen. */
export type Needle = { readonly text: string; readonly secret: Secret }

export type Match = { readonly start: number; readonly end: number; readonly secret: Secret }

/** What a text is: JSON, in which a bare number or literal is no word; bytes, which have no words. */
export type Kind = 'text' | 'json' | 'bytes'

/** Texts that are looked for all at once: the cost of a search does not grow with their number. */
export type Needles = {
  readonly size: number
  add(needle: Needle): void
  remove(needle: Needle): void
  /** Every place where one stands; of those that end at the same place, the longest. */
  find(text: string, kind: Kind): readonly Match[]
}

export const nothing: readonly Match[] = []

/** What is shorter is only found as a word, or every answer would be full of it. */
export const shortest = 8

const base = 31
const leaving = Array.from({ length: shortest }).reduce<number>(
  (power) => Math.imul(power, base),
  1,
)

/**
 * Makes an empty set of needles, filed by a rolling hash of their last eight characters (Karp and
 * Rabin), for credentials begin alike and seldom end alike; those that are shorter stand apart.
 */
export function createNeedles(): Needles {
  const counts = new Uint16Array(0x1_0000)
  const filed = new Map<number, Needle[]>()
  const words = new Set<Needle>()

  function add(needle: Needle): void {
    if (needle.text.length < shortest) {
      words.add(needle)
      return
    }
    const hash = hashOfEnd(needle.text)
    const beside = filed.get(hash) ?? []
    beside.push(needle)
    beside.sort((a, b) => b.text.length - a.text.length)
    filed.set(hash, beside)
    counts[hash & 0xffff] = (counts[hash & 0xffff] ?? 0) + 1
  }

  function remove(needle: Needle): void {
    if (words.delete(needle)) return
    const hash = hashOfEnd(needle.text)
    const beside = filed.get(hash) ?? []
    const at = beside.indexOf(needle)
    if (at === -1) return
    beside.splice(at, 1)
    if (beside.length === 0) filed.delete(hash)
    counts[hash & 0xffff] = (counts[hash & 0xffff] ?? 0) - 1
  }

  function find(text: string, kind: Kind): readonly Match[] {
    let found: Match[] | undefined
    if (filed.size > 0) {
      let hash = 0
      for (let end = 1; end <= text.length; end += 1) {
        hash = (Math.imul(hash, base) + text.charCodeAt(end - 1)) | 0
        if (end > shortest)
          hash = (hash - Math.imul(leaving, text.charCodeAt(end - 1 - shortest))) | 0
        if (counts[hash & 0xffff] === 0) continue
        const needle = filed.get(hash)?.find((each) => text.endsWith(each.text, end))
        if (needle === undefined) continue
        found ??= []
        found.push(matchAt(end - needle.text.length, needle))
      }
    }
    if (kind === 'bytes' || words.size === 0) return found ?? nothing
    return [...(found ?? nothing), ...[...words].flatMap((word) => findWord(text, word, kind))]
  }

  return {
    get size() {
      return filed.size + words.size
    },
    add,
    remove,
    find,
  }
}

function matchAt(start: number, { text, secret }: Needle): Match {
  return { start, end: start + text.length, secret }
}

function hashOfEnd(text: string): number {
  let hash = 0
  for (let index = text.length - shortest; index < text.length; index += 1)
    hash = (Math.imul(hash, base) + text.charCodeAt(index)) | 0
  return hash
}

function findWord(text: string, needle: Needle, kind: Kind): readonly Match[] {
  const { length } = needle.text
  const found: Match[] = []
  for (let at = text.indexOf(needle.text); at !== -1; at = text.indexOf(needle.text, at + length)) {
    const around = `${text[at - 1] ?? ''}${text[at + length] ?? ''}`
    if (/[A-Za-z0-9]/.test(around)) continue
    if (kind === 'text' || !isBareScalar(needle.text, text, at)) found.push(matchAt(at, needle))
  }
  return found
}

/** A number or literal of JSON that stands by itself and not in a string (RFC 8259, section 3). */
function isBareScalar(needle: string, text: string, start: number): boolean {
  if (!/^(-?\d+(\.\d+)?|true|false|null)$/.test(needle)) return false
  return /(^|[:,[])\s*$/.test(text.slice(Math.max(0, start - 50), start))
}
