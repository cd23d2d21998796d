import { AssayError } from '../errors.ts'
import { nearest } from './nearest.ts'
import { joinPointer, memberOf, type Pointer, splitPointer } from './pointer.ts'
import type { Source } from './source.ts'

/** A value of the document and where it is; `undefined` where there is none. */
export type Spot = { readonly pointer: Pointer; readonly value: unknown }

export type Members = Readonly<Record<string, unknown>>

/** The member of that name. */
export function memberAt({ pointer, value }: Spot, name: string): Spot {
  return { pointer: joinPointer(pointer, name), value: memberOf(value, name) }
}

export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Throws DOCUMENT_INVALID where no object stands. */
export function expectObject(source: Source, spot: Spot): Members {
  if (isObject(spot.value)) return spot.value
  throw invalid(source, spot, 'an object')
}

/** The members of an object; none where nothing stands. */
export function expectMembers(
  source: Source,
  spot: Spot,
): readonly (Spot & { readonly name: string })[] {
  if (spot.value === undefined) return []
  return Object.entries(expectObject(source, spot)).map(([name, value]) => ({
    name,
    pointer: joinPointer(spot.pointer, name),
    value,
  }))
}

/** The items of a list; none where nothing stands. */
export function expectItems(source: Source, spot: Spot): readonly Spot[] {
  if (spot.value === undefined) return []
  if (!Array.isArray(spot.value)) throw invalid(source, spot, 'a list')
  return spot.value.map((value, index) => ({
    pointer: joinPointer(spot.pointer, String(index)),
    value,
  }))
}

export function expectText(source: Source, spot: Spot): string {
  if (typeof spot.value === 'string') return spot.value
  const written = typeof spot.value === 'number' ? 'put it in quotes' : undefined
  throw invalid(source, spot, 'a string', written)
}

export function optionalText(source: Source, spot: Spot): string | undefined {
  return spot.value === undefined ? undefined : expectText(source, spot)
}

export function optionalFlag(source: Source, spot: Spot): boolean | undefined {
  if (spot.value === undefined || typeof spot.value === 'boolean') return spot.value
  throw invalid(source, spot, 'true or false')
}

/** One of a few words. */
export function expectWord<Word extends string>(
  source: Source,
  spot: Spot,
  words: readonly Word[],
): Word {
  const found = words.find((word) => word === spot.value)
  if (found !== undefined) return found
  const near = typeof spot.value === 'string' ? nearest(spot.value, words) : undefined
  const expected = words.map((word) => JSON.stringify(word)).join(', ')
  throw invalid(source, spot, expected.replace(/, ([^,]*)$/, ' or $1'), near && `write "${near}"`)
}

/** Where a schema stands; a schema is an object or a boolean (JSON Schema 2020-12, section 4.3). */
export function optionalSchema(source: Source, spot: Spot): Pointer | undefined {
  if (spot.value === undefined) return undefined
  if (isObject(spot.value) || typeof spot.value === 'boolean') return spot.pointer
  throw invalid(source, spot, 'a schema (an object, true or false)')
}

/** DOCUMENT_INVALID: what was expected at the spot, and what stands there. */
export function invalid(source: Source, spot: Spot, expected: string, hint?: string): AssayError {
  const message = `expected ${label(spot.pointer)} to be ${expected}, received ${describe(spot.value)}`
  return new AssayError('DOCUMENT_INVALID', message, { at: source.positionOf(spot.pointer), hint })
}

/** Names a value in a message, in a few words. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (isObject(value)) return 'an object'
  if (typeof value === 'number') return `the number ${value}`
  const text = JSON.stringify(value)
  return text.length <= 60 ? text : `${text.slice(0, 57)}..."`
}

function label(pointer: Pointer): string {
  const segments = splitPointer(pointer)
  const last = segments.at(-1) ?? ''
  const shown = /^\d+$/.test(last) ? segments.slice(-2).join('/') : last
  return pointer === '' ? 'the document' : JSON.stringify(shown)
}
