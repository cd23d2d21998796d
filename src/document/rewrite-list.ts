import { isDeepStrictEqual } from 'node:util'
import type { Document, Node, YAMLMap } from 'yaml'
import { parseSource } from './source.ts'

export type ListItem = Readonly<Record<string, unknown>>

export type Rewriting = {
  /** The member of the whole that is a list. */
  readonly list: string
  /** The member that tells items apart. */
  readonly key: string
  /** The items as they are to be, in their order. */
  readonly items: readonly ListItem[]
}

/**
 * Writes the items of a list anew into a text whose whole is a mapping, JSON or YAML as it is.
 *
 * In YAML what stands around an item that stays, its comments and its way of writing, stays with it; only where
 * that cannot say what is meant, as where an alias loses its anchor, everything is written plainly.
 */
export async function rewriteList(text: string, rewriting: Rewriting): Promise<string> {
  const { value } = await parseSource(text, '')
  const whole = { ...(value as ListItem), [rewriting.list]: rewriting.items }
  const lines = text.includes('\r\n') ? '\r\n' : '\n'
  const written = /^\s*\{/.test(text)
    ? `${JSON.stringify(whole, null, 2)}\n`
    : await rewriteYaml(text, rewriting, whole)
  return written.replaceAll('\n', lines)
}

async function rewriteYaml(text: string, rewriting: Rewriting, whole: object): Promise<string> {
  const { parseDocument, stringify } = await import('yaml')
  const options = { version: '1.2', schema: 'core', uniqueKeys: false } as const
  try {
    const document = parseDocument(text.replaceAll('\r\n', '\n'), options)
    await replaceItems(document, rewriting)
    const written = document.toString({ lineWidth: 0 })
    if (isDeepStrictEqual((await parseSource(written, '')).value, whole)) return written
  } catch {
    // What cannot be kept is written plainly below.
  }
  return stringify(whole, { ...options, lineWidth: 0, aliasDuplicateObjects: false })
}

async function replaceItems(document: Document, { list, key, items }: Rewriting): Promise<void> {
  const { isMap, isSeq } = await import('yaml')
  const found = document.get(list)
  const seq = isSeq(found) ? found : document.createNode([])
  if (seq !== found) document.set(list, seq)
  const nodes = new Map(
    seq.items.flatMap((node): [unknown, YAMLMap][] => (isMap(node) ? [[node.get(key), node]] : [])),
  )
  seq.items = items.map((item): Node => {
    const node = nodes.get(item[key])
    if (node === undefined) return document.createNode(item)
    const was = node.toJS(document) as ListItem
    for (const [name, value] of Object.entries(item)) {
      if (!isDeepStrictEqual(was[name], value)) node.set(name, document.createNode(value))
    }
    return node
  })
  if (items.length > 0) seq.flow = false
}
