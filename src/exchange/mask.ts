import { reveal, type Secret } from '../target/index.ts'
import type { Disclosure } from './exchange.ts'

/** Secrets that must not be recorded, and the replacing of them. */
export type Mask = {
  /** Hides a secret from now on. The answer ends that, once nothing can come back any more. */
  hide(secret: Secret): () => void
  bytes(value: Buffer, where: string, found: Disclosure[]): Buffer
  text(value: string, where: string, found: Disclosure[]): string
}

const shown = '***'
const remembered = 200

/**
 * Makes an empty mask.
 *
 * A secret is found as it is, percent-encoded (RFC 3986, section 2.1), in base64 at any offset
 * (RFC 4648), in hexadecimal and in JSON escapes (RFC 8259, section 7). One that is shorter than
 * eight characters is only found as a word, or every answer would be full of it.
 */
export function createMask(): Mask {
  const hidden = new Map<
    string,
    { readonly secret: Secret; uses: number; forms: readonly Form[] }
  >()
  const leaving: string[] = []

  function hide(secret: Secret): () => void {
    const text = reveal(secret)
    if (text === '') return () => {}
    const known = hidden.get(text)
    if (known === undefined) hidden.set(text, { secret, uses: 1, forms: formsOf(text) })
    else known.uses += 1
    return () => leave(text)
  }

  /** The last secrets stay hidden for a while: an answer may still speak of them. */
  function leave(text: string): void {
    leaving.push(text)
    if (leaving.length <= remembered) return
    const gone = leaving.shift() ?? ''
    const entry = hidden.get(gone)
    if (entry === undefined) return
    entry.uses -= 1
    if (entry.uses === 0) hidden.delete(gone)
  }

  function text(value: string, where: string, found: Disclosure[]): string {
    let masked = value
    for (const { secret, forms } of hidden.values()) {
      for (const form of forms) {
        if (!masked.includes(form.needle)) continue
        const before = masked
        masked =
          form.word === undefined
            ? masked.replaceAll(form.needle, shown)
            : masked.replace(form.word, shown)
        if (masked !== before) found.push({ secret: secret.name, where })
      }
    }
    return masked
  }

  return {
    hide,
    text,
    bytes(value, where, found) {
      if (hidden.size === 0) return value
      const latin = value.toString('latin1')
      const masked = text(latin, where, found)
      return masked === latin ? value : Buffer.from(masked, 'latin1')
    },
  }
}

type Form = { readonly needle: string; readonly word?: RegExp }

function formsOf(secret: string): readonly Form[] {
  const bytes = Buffer.from(secret, 'utf8')
  const plain = bytes.toString('latin1')
  if (plain.length < 8) return [{ needle: plain, word: wordOf(plain) }]
  const hex = bytes.toString('hex')
  const needles = [
    plain,
    encodeURIComponent(secret),
    everyByte(bytes, '%').toUpperCase(),
    everyByte(bytes, '%'),
    hex,
    hex.toUpperCase(),
    JSON.stringify(secret).slice(1, -1),
    everyByte(bytes, '\\u00'),
    everyByte(bytes, '\\u00').replace(/[a-f]/g, (digit) => digit.toUpperCase()),
    ...[0, 1, 2].flatMap((offset) => base64At(bytes, offset)),
  ]
  return [...new Set(needles)].sort((a, b) => b.length - a.length).map((needle) => ({ needle }))
}

function wordOf(text: string): RegExp {
  const escaped = text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`(?<![A-Za-z0-9])${escaped}(?![A-Za-z0-9])`, 'g')
}

function everyByte(bytes: Buffer, prefix: string): string {
  return [...bytes].map((byte) => `${prefix}${byte.toString(16).padStart(2, '0')}`).join('')
}

/** The characters that a text keeps in base64 whatever stands before and after it. */
function base64At(bytes: Buffer, offset: number): readonly string[] {
  const padded = Buffer.concat([Buffer.alloc(offset), bytes])
  const whole = Math.floor((padded.length * 8) / 6)
  const text = padded.toString('base64').slice(Math.ceil((offset * 8) / 6), whole)
  return [text, text.replaceAll('+', '-').replaceAll('/', '_')]
}
