import type { Position } from '../errors.ts'
import { joinPointer, type Pointer } from './pointer.ts'
import type { ResolveRef } from './resolve-ref.ts'
import { expectText, isObject, type Members, type Spot } from './shape.ts'
import type { Source } from './source.ts'

/** What every reader of a part of the document needs; the document itself has it all. */
export type Reading = {
  readonly source: Source
  readonly root: Members
  /** `undefined` where nothing stands. */
  valueAt(pointer: Pointer): unknown
  positionOf(pointer: Pointer): Position
  readonly resolveRef: ResolveRef
}

/**
 * Lists the spot itself, then whatever its `$ref`s lead to, one after the other.
 *
 * Ends, for the references were checked for circles before anything is read.
 */
export function followRefs(reading: Reading, spot: Spot): readonly [Spot, ...Spot[]] {
  const chain: [Spot, ...Spot[]] = [spot]
  for (let here = spot; isObject(here.value) && Object.hasOwn(here.value, '$ref'); ) {
    const at = { pointer: joinPointer(here.pointer, '$ref'), value: here.value.$ref }
    const pointer = reading.resolveRef(expectText(reading.source, at), here.pointer)
    here = { pointer, value: reading.valueAt(pointer) }
    chain.push(here)
  }
  return chain
}

/** Where the last `$ref` leads; the spot itself where there is none. */
export function followRef(reading: Reading, spot: Spot): Spot {
  return followRefs(reading, spot).at(-1) ?? spot
}
