import { joinPointer, lookUp, type Source } from '../document/index.ts'
import { AssayError } from '../errors.ts'

/** A value of a pact and where it stands; `undefined` where there is none. */
export type Spot = { readonly source: Source; readonly pointer: string; readonly value: unknown }

export type Members = Readonly<Record<string, unknown>>

export function memberAt({ source, pointer, value }: Spot, name: string): Spot {
  return { source, pointer: joinPointer(pointer, name), value: lookUp(value, [name]) }
}

export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The members of an object; none where nothing stands. Throws PACT_INVALID. */
export function membersOf(spot: Spot): readonly (Spot & { readonly name: string })[] {
  if (spot.value === undefined || spot.value === null) return []
  if (!isObject(spot.value)) throw invalid(spot, 'an object')
  return Object.keys(spot.value).map((name) => ({ ...memberAt(spot, name), name }))
}

/** The items of a list; none where nothing stands. Throws PACT_INVALID. */
export function itemsOf(spot: Spot): readonly Spot[] {
  if (spot.value === undefined || spot.value === null) return []
  if (!Array.isArray(spot.value)) throw invalid(spot, 'a list')
  return spot.value.map((_, index) => memberAt(spot, String(index)))
}

export function textOf(spot: Spot): string {
  if (typeof spot.value === 'string') return spot.value
  throw invalid(spot, 'a string')
}

/** PACT_INVALID: what was expected at the spot, and what stands there. */
export function invalid({ source, pointer, value }: Spot, expected: string): AssayError {
  const name = JSON.stringify(pointer.slice(pointer.lastIndexOf('/') + 1))
  const label = pointer === '' ? 'the pact' : name
  return new AssayError(
    'PACT_INVALID',
    `expected ${label} to be ${expected}, received ${nameOf(value)}`,
    { at: source.positionOf(pointer) },
  )
}

function nameOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
