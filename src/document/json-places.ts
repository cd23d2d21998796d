import { type Pointer, splitPointer } from './pointer.ts'
import { scanJson } from './scan-json.ts'

type Place = {
  readonly offset: number
  readonly members?: Map<string, Place>
}

/**
 * Says where in well-formed JSON a pointer leads: to a member's key, to an item, or to the nearest
 * ancestor that exists.
 *
 * The text is read when the first pointer comes, once. Of a repeated key the first counts.
 */
export function locateJson(json: string): (pointer: Pointer) => number {
  let root: Place | undefined
  return (pointer) => {
    root ??= mapPlaces(json)
    let place = root
    for (const segment of splitPointer(pointer)) {
      const member = place.members?.get(segment)
      if (member === undefined) break
      place = member
    }
    return place.offset
  }
}

type Frame = {
  readonly members: Map<string, Place>
  readonly isArray: boolean
  key: string
  keyOffset: number
}

function mapPlaces(json: string): Place {
  const frames: Frame[] = []
  let root: Place = { offset: 0 }

  const add = (valueOffset: number, members?: Map<string, Place>): void => {
    const frame = frames.at(-1)
    const offset = frame === undefined || frame.isArray ? valueOffset : frame.keyOffset
    const place = members === undefined ? { offset } : { offset, members }
    if (frame === undefined) {
      root = place
      return
    }
    const key = frame.isArray ? String(frame.members.size) : frame.key
    if (!frame.members.has(key)) frame.members.set(key, place)
  }

  scanJson(json, {
    open(kind, offset) {
      const members = new Map<string, Place>()
      add(offset, members)
      frames.push({ members, isArray: kind === 'array', key: '', keyOffset: 0 })
    },
    key(name, offset) {
      const frame = frames.at(-1)
      if (frame === undefined) return
      frame.key = name
      frame.keyOffset = offset
    },
    scalar: (start) => add(start),
    close: () => frames.pop(),
  })
  return root
}
