import type { Secret } from '../target/index.ts'

/** One text that must not be seen, in one of the forms in which it may come back. */
export type Needle = {
  readonly text: string
  readonly secret: Secret
  /** Found as a word only. */
  readonly word: boolean
}

export type Match = { readonly start: number; readonly end: number; readonly secret: Secret }

/** Texts that are looked for all at once: the cost of a search does not grow with their number. */
export type Needles = {
  readonly size: number
  add(needle: Needle): void
  remove(needle: Needle): void
  /** Every place where one begins. In JSON, a bare number or literal is not taken for a word. */
  find(text: string, json: boolean): readonly Match[]
}

/** Makes an empty set of needles, filed by their first two characters. */
export function createNeedles(): Needles {
  const counts = new Uint16Array(0x1_0000)
  const filed = new Map<number, readonly Needle[]>()
  let size = 0

  function file(key: number, needles: readonly Needle[]): void {
    counts[key] = needles.length
    if (needles.length === 0) filed.delete(key)
    else filed.set(key, needles)
  }

  return {
    get size() {
      return size
    },
    add(needle) {
      const key = keyAt(needle.text, 0)
      const beside = filed.get(key) ?? []
      file(
        key,
        [...beside, needle].sort((a, b) => b.text.length - a.text.length),
      )
      size += 1
    },
    remove(needle) {
      const key = keyAt(needle.text, 0)
      const beside = filed.get(key) ?? []
      const rest = beside.filter((each) => each !== needle)
      size -= beside.length - rest.length
      file(key, rest)
    },
    find(text, json) {
      const found: Match[] = []
      for (let start = 0; start < text.length - 1; start += 1) {
        const key = keyAt(text, start)
        if (counts[key] === 0) continue
        const needle = filed.get(key)?.find((each) => isAt(each, text, start, json))
        if (needle === undefined) continue
        found.push({ start, end: start + needle.text.length, secret: needle.secret })
      }
      return found
    },
  }
}

function keyAt(text: string, index: number): number {
  return ((text.charCodeAt(index) << 8) ^ text.charCodeAt(index + 1)) & 0xffff
}

function isAt({ text: needle, word }: Needle, text: string, start: number, json: boolean): boolean {
  if (!text.startsWith(needle, start)) return false
  if (!word) return true
  const around = `${text[start - 1] ?? ''}${text[start + needle.length] ?? ''}`
  return !/[A-Za-z0-9]/.test(around) && !(json && isBareScalar(needle, text, start))
}

/** A number or literal of JSON that stands by itself and not in a string (RFC 8259, section 3). */
function isBareScalar(needle: string, text: string, start: number): boolean {
  if (!/^(-?\d+(\.\d+)?|true|false|null)$/.test(needle)) return false
  return /(^|[:,[])\s*$/.test(text.slice(Math.max(0, start - 50), start))
}
