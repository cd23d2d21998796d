import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml'
import { AssayError } from '../errors.ts'
import { limits } from './limits.ts'
import { nearest } from './nearest.ts'
import { sourceErrors } from './source-errors.ts'
import type { Text } from './text.ts'

type Anchored = {
  readonly node: Node
  value: unknown
  nodes: number
  height: number
  read: boolean
}

/** Says whether a key is the merge key `<<`, which is plain: a quoted one is a name. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN'
}

/** The name that a key gives: what is written, for `200` and `1.0` are names like any other. */
export function keyName(key: unknown): string {
  if (!isScalar(key)) return ''
  return typeof key.value === 'string' ? key.value : (key.source ?? '')
}

/**
 * Turns the nodes of a YAML text into a JSON value, and says which node each alias stands for.
 *
 * `yaml` could do the first, but not in linear time where there are many aliases; it also refuses
 * any anchor that is used a hundred times, and holds `200` and `"200"` for different keys. An
 * anchored value is shared by its aliases, not copied.
 */
export function readYamlValue(
  text: Text,
  root: Node,
): { readonly value: unknown; readonly targets: ReadonlyMap<Alias, Node> } {
  const anchors = new Map<string, Anchored>()
  const targets = new Map<Alias, Node>()
  let nodes = 0
  let aliased = 0
  let deepest = 0

  /** `depth` counts the collections around the node. */
  const read = (node: unknown, depth: number): unknown => {
    nodes++
    const levels = isMap(node) || isSeq(node) ? depth + 1 : depth
    if (levels > limits.depth) throw sourceErrors.tooDeep(text, offsetOf(node))
    deepest = Math.max(deepest, levels)
    if (isAlias(node)) return readAlias(node, depth)
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return null
    return node.anchor === undefined ? readPlain(node, depth) : readAnchored(node, depth)
  }

  const readPlain = (node: Node, depth: number): unknown => {
    if (isMap(node)) return readMap(node, depth)
    if (isSeq(node)) return node.items.map((item) => read(item, depth + 1))
    const value = isScalar(node) ? node.value : null
    if (typeof value !== 'number' || Number.isFinite(value)) return value
    const message = `expected a value that JSON can hold, received ${keyName(node)}`
    throw sourceErrors.syntax(text, offsetOf(node), message)
  }

  const readAnchored = (node: Node & { anchor?: string }, depth: number): unknown => {
    const outside = { nodes, deepest }
    const entry: Anchored = { node, value: null, nodes: 0, height: 0, read: false }
    anchors.set(node.anchor ?? '', entry)
    deepest = depth
    entry.value = readPlain(node, depth)
    entry.nodes = nodes - outside.nodes + 1
    entry.height = deepest - depth
    entry.read = true
    deepest = Math.max(deepest, outside.deepest)
    return entry.value
  }

  const readAlias = (alias: Alias, depth: number): unknown => {
    const offset = offsetOf(alias)
    const entry = anchors.get(alias.source)
    if (entry === undefined) {
      const near = nearest(alias.source, [...anchors.keys()])
      const hint = near === undefined ? undefined : `the nearest anchor is "&${near}"`
      throw sourceErrors.syntax(text, offset, `"*${alias.source}" has no anchor before it`, hint)
    }
    if (!entry.read) throw bomb(offset, `"*${alias.source}" stands inside its own anchor`)
    nodes += entry.nodes
    aliased += entry.nodes
    deepest = Math.max(deepest, depth + entry.height)
    if (aliased > limits.aliasedNodes) {
      throw bomb(offset, `the aliases expand to more than ${limits.aliasedNodes} values`)
    }
    if (deepest > limits.depth) throw sourceErrors.tooDeep(text, offset)
    targets.set(alias, entry.node)
    return entry.value
  }

  const readMap = (map: YAMLMap, depth: number): unknown => {
    const result: Record<string, unknown> = {}
    const firsts = new Map<string, number>()
    for (const { key, value } of map.items) {
      if (isMergeKey(key)) {
        mergeInto(result, read(value, depth + 1), offsetOf(value))
        continue
      }
      const name = readName(key, depth + 1)
      const first = firsts.get(name)
      if (first !== undefined) throw sourceErrors.duplicateKey(text, name, offsetOf(key), first)
      firsts.set(name, offsetOf(key))
      setMember(result, name, read(value, depth + 1))
    }
    return result
  }

  const readName = (key: unknown, depth: number): string => {
    const value = read(key, depth)
    if (typeof value === 'object' && value !== null) {
      throw sourceErrors.syntax(text, offsetOf(key), 'expected a scalar key, received a collection')
    }
    return keyName(isAlias(key) ? targets.get(key) : key)
  }

  /** What is there stays: written beside, or merged from an earlier mapping (yaml.org/type/merge). */
  const mergeInto = (result: Record<string, unknown>, source: unknown, offset: number): void => {
    for (const mapping of Array.isArray(source) ? source : [source]) {
      if (typeof mapping !== 'object' || mapping === null || Array.isArray(mapping)) {
        throw sourceErrors.syntax(text, offset, 'expected a mapping after "<<", received none')
      }
      for (const [name, value] of Object.entries(mapping)) {
        if (!Object.hasOwn(result, name)) setMember(result, name, value)
      }
    }
  }

  const bomb = (offset: number, message: string): AssayError =>
    new AssayError('SOURCE_ALIAS_BOMB', message, { at: text.positionAt(offset) })

  return { value: read(root, 0), targets }
}

/** An assignment to `__proto__` would change the prototype and add no member. */
function setMember(result: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') result[name] = value
  else Object.defineProperty(result, name, { value, enumerable: true, writable: true })
}

function offsetOf(node: unknown): number {
  return (node as Node | null)?.range?.[0] ?? 0
}
