import type { Parameter } from '../document/index.ts'
import type { Schemas, Validate } from '../schema/index.ts'
import { type Random, randomHex } from './random.ts'

type Ground = { readonly schemas: Schemas }

/**
 * Makes a value of a path parameter that conforms to its schema and names nothing: long random text
 * or a large random number. undefined where the schema leaves no room for one.
 */
export function findAbsent(
  { schemas }: Ground,
  { schema, example }: Parameter,
  random: Random,
): string | undefined {
  const conforms = schema === undefined ? undefined : schemas.validator(schema)
  for (const text of texts(example, random)) {
    if (conforms === undefined || conforms(text).length === 0) return text
  }
  return numbers(random).find((each) => conforms !== undefined && isWanted(each, conforms))
}

/** Names of nothing as an API may write its names, made one at a time. */
function* texts(example: unknown, random: Random): Generator<string> {
  if (typeof example === 'string') yield* reshapes(example, random)
  for (let round = 0; round < rounds; round += 1) {
    yield randomHex(32, random)
    yield uuid(random)
    yield randomHex(24, random)
    yield randomHex(64, random)
    yield `assay-absent-${randomHex(20, random)}`
    yield ulid(random)
    yield randomHex(16, random)
    yield digits(18, random)
    yield digits(12, random)
  }
}

/** How often it is tried again, for patterns that random text fits only now and then. */
const rounds = 8

/** Whether a number is what the schema asks for, rather than what a schema of texts leaves open. */
function isWanted(digits: string, conforms: Validate): boolean {
  const ofType = ['type', 'anyOf', 'oneOf']
  return (
    conforms(Number(digits)).length === 0 &&
    conforms(digits).every(({ keyword }) => ofType.includes(keyword))
  )
}

/** Far beyond what is counted up to; the second one is near the end of 32 bits. */
function numbers(random: Random): readonly string[] {
  return [digits(15, random), `214${repeat(7, '0123456', random)}`]
}

/** Random text of the shape of a sample: all of it, or what follows a prefix such as `tok_`. */
function reshapes(sample: string, random: Random): readonly string[] {
  if (!/^[\w:~-]{1,64}$/.test(sample)) return []
  const prefix = /^[A-Za-z]+[_-]/.exec(sample)?.[0] ?? ''
  return [prefix, '']
    .filter((kept) => sample.slice(kept.length).replaceAll(/[^A-Za-z0-9]/g, '').length >= 12)
    .map((kept) => `${kept}${reshape(sample.slice(kept.length), random)}`)
}

/** Random text in which each letter and digit of a sample became another of its kind. */
function reshape(sample: string, random: Random): string {
  return sample
    .replaceAll(/[0-9]/g, () => pick('0123456789', random))
    .replaceAll(/[a-f]/g, () => pick('abcdef', random))
    .replaceAll(/[g-z]/g, () => pick('ghijklmnopqrstuvwxyz', random))
    .replaceAll(/[A-F]/g, () => pick('ABCDEF', random))
    .replaceAll(/[G-Z]/g, () => pick('GHIJKLMNOPQRSTUVWXYZ', random))
}

function digits(length: number, random: Random): string {
  return `${pick('123456789', random)}${repeat(length - 1, '0123456789', random)}`
}

function uuid(random: Random): string {
  const part = (length: number) => randomHex(length, random)
  return `${part(8)}-${part(4)}-4${part(3)}-a${part(3)}-${part(12)}`
}

function ulid(random: Random): string {
  return `0${repeat(25, '0123456789ABCDEFGHJKMNPQRSTVWXYZ', random)}`
}

function repeat(length: number, alphabet: string, random: Random): string {
  let text = ''
  while (text.length < length) text += pick(alphabet, random)
  return text
}

function pick(alphabet: string, random: Random): string {
  return alphabet[Math.floor(random() * alphabet.length)] ?? ''
}
