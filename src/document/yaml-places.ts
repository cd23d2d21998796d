import { type Alias, isAlias, isMap, isSeq, type Node, type YAMLMap } from 'yaml'
import { type Pointer, splitPointer } from './pointer.ts'
import { isMergeKey, keyName } from './yaml-values.ts'

type Place = { readonly offset: number; readonly node: unknown }
type Members = ReadonlyMap<string, Place>

/**
 * Says where in a YAML text a pointer leads: to a member's key, to an item, or to the nearest
 * ancestor that exists.
 *
 * What an alias or a merge key brings in stands where it was written. Mappings are looked into when
 * a pointer first leads through them, once.
 */
export function locateYaml(
  root: Node,
  targets: ReadonlyMap<Alias, Node>,
): (pointer: Pointer) => number {
  const known = new Map<Node, Members>()
  const follow = (node: unknown): unknown => (isAlias(node) ? targets.get(node) : node)

  const membersOf = (node: unknown): Members | undefined => {
    if (!isMap(node) && !isSeq(node)) return undefined
    const members = known.get(node) ?? (isMap(node) ? mapMembers(node) : listItems(node.items))
    known.set(node, members)
    return members
  }

  const mapMembers = (map: YAMLMap): Members => {
    const members = new Map<string, Place>()
    for (const { key, value } of map.items) {
      if (!isMergeKey(key)) members.set(keyName(follow(key)), placeOf(key, value))
      else
        for (const [name, place] of merged(value)) {
          if (!members.has(name)) members.set(name, place)
        }
    }
    return members
  }

  const merged = (value: unknown): readonly (readonly [string, Place])[] => {
    const source = follow(value)
    const mappings = isSeq(source) ? source.items.map(follow) : [source]
    return mappings.flatMap((mapping) => [...(membersOf(mapping) ?? [])])
  }

  return (pointer) => {
    let place = placeOf(root, root)
    for (const segment of splitPointer(pointer)) {
      const member = membersOf(follow(place.node))?.get(segment)
      if (member === undefined) break
      place = member
    }
    return place.offset
  }
}

function listItems(items: readonly unknown[]): Members {
  return new Map(items.map((item, index) => [String(index), placeOf(item, item)]))
}

function placeOf(written: unknown, node: unknown): Place {
  return { offset: (written as Node | null)?.range?.[0] ?? 0, node }
}
