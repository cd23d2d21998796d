import { randomInt } from 'node:crypto'
import type { Text } from '../../exchange/index.ts'
import { Secret } from '../../target/index.ts'

/** A value that Pact's verifier never sees, and what it gets in its place. */
export type Hole = {
  readonly name: string
  readonly value: Text
  /** Digits, so that it passes for a number too, where a generator wants one. */
  readonly placeholder: string
}

export function makeHole(name: string, value: Text): Hole {
  const digits = String(randomInt(10 ** 13)).padStart(13, '0')
  return { name, value, placeholder: `71${digits}` }
}

/**
 * Puts the values in the place of their placeholders; the text is a secret once a secret is in it.
 *
 * @param encode writes a value as the text around it wants it
 */
export function fillText(
  text: string,
  holes: readonly Hole[],
  encode: (value: string) => string = (value) => value,
): Text {
  return holes
    .filter(({ placeholder }) => text.includes(placeholder))
    .reduce<Text>((filled, hole) => fillOne(filled, hole, encode), text)
}

function fillOne(
  filled: Text,
  { placeholder, value }: Hole,
  encode: (value: string) => string,
): Text {
  const put = (text: string, by: string) => text.replaceAll(placeholder, () => by)
  if (typeof filled === 'string') {
    if (typeof value === 'string') return put(filled, encode(value))
    return value.derive(put(filled, value.name), (open) => put(filled, encode(open)))
  }
  if (typeof value === 'string')
    return filled.derive(put(filled.name, value), (text) => put(text, encode(value)))
  return filled.derive(put(filled.name, value.name), (text) => {
    let both = text
    value.derive(value.name, (open) => {
      both = put(text, encode(open))
      return both
    })
    return both
  })
}

/** Fills every text in a JSON value; a number that is a placeholder becomes the number it stands for. */
export function fillJson(value: unknown, holes: readonly Hole[]): unknown {
  if (typeof value === 'string') return fillText(value, holes)
  if (typeof value === 'number') {
    const filled = fillText(String(value), holes)
    return filled instanceof Secret ? filled : Number(filled)
  }
  if (Array.isArray(value)) return value.map((item) => fillJson(item, holes))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, fillJson(member, holes)]),
  )
}

/** Takes values and placeholders out of a text for people: `{name}` stands for either. */
export function withoutValues(text: string, holes: readonly Hole[]): string {
  return holes.reduce((shown, { name, value, placeholder }) => {
    const plain = value instanceof Secret || value === '' ? [] : [value, encodeURIComponent(value)]
    return [placeholder, ...plain].reduce(
      (each, found) => each.replaceAll(asWord(found), () => `{${name}}`),
      shown,
    )
  }, text)
}

/** What is short is found as a word only, or half the text would be a value. */
function asWord(text: string): RegExp {
  const literal = text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(text.length < 8 ? `(?<![\\w])${literal}(?![\\w])` : literal, 'g')
}
