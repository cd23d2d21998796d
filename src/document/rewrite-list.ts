import { isDeepStrictEqual } from 'node:util'
import type { Document, Node, Scalar, YAMLMap, YAMLSeq } from 'yaml'

export type ListItem = Readonly<Record<string, unknown>>

export type Rewriting = {
  readonly text: string
  /** What the text holds: a mapping. */
  readonly value: ListItem
  /** The member that is a list. */
  readonly list: string
  /** The member that tells items apart. */
  readonly key: string
  /** The items as they are to be, in their order. */
  readonly items: readonly ListItem[]
}

/**
 * Writes the items of a list anew into a text, JSON or YAML as it is.
 *
 * In YAML the comments around what stays, and the style in which it is written, stay with it; only where
 * that cannot say what is meant, as where an alias lost its anchor, everything is written plainly.
 */
export async function rewriteList(rewriting: Rewriting): Promise<string> {
  const { text, value, list, items } = rewriting
  const whole = { ...value, [list]: items }
  const written = /^\s*\{/.test(text)
    ? `${JSON.stringify(whole, null, 2)}\n`
    : await rewriteYaml(rewriting, whole)
  return text.includes('\r\n') ? written.replaceAll('\n', '\r\n') : written
}

type Yaml = typeof import('yaml')

const notation = { version: '1.2', schema: 'core', uniqueKeys: false, merge: true } as const
const layout = { lineWidth: 0, flowCollectionPadding: false } as const

async function rewriteYaml(rewriting: Rewriting, whole: object): Promise<string> {
  const yaml = await import('yaml')
  try {
    const document = yaml.parseDocument(rewriting.text.replaceAll('\r\n', '\n'), notation)
    replaceItems(yaml, document, rewriting)
    if (isDeepStrictEqual(document.toJS(), whole)) return document.toString(layout)
  } catch {
    // What cannot be kept as it is written is written plainly.
  }
  return yaml.stringify(whole, { ...notation, ...layout, aliasDuplicateObjects: false })
}

function replaceItems(yaml: Yaml, document: Document, { list, key, items }: Rewriting): void {
  const found = document.get(list)
  const sequence = yaml.isSeq(found) ? found : document.createNode([])
  if (sequence !== found) document.set(list, sequence)
  const nodes = new Map(
    sequence.items.flatMap((node): [unknown, YAMLMap][] =>
      yaml.isMap(node) ? [[node.get(key), node]] : [],
    ),
  )
  sequence.items = items.map((item): Node => {
    const node = nodes.get(item[key])
    if (node === undefined) return document.createNode(item)
    const was = node.toJS(document) as ListItem
    for (const [name, value] of Object.entries(item)) {
      if (isDeepStrictEqual(was[name], value)) continue
      const member = node.get(name)
      if (yaml.isSeq(member) && Array.isArray(value)) replaceTexts(document, member, value)
      else node.set(name, document.createNode(value))
    }
    return node
  })
  if (items.length > 0) sequence.flow = false
}

/** A list of texts keeps its style, and each text what is said beside it. */
function replaceTexts(document: Document, sequence: YAMLSeq, texts: readonly unknown[]): void {
  const nodes = new Map(sequence.items.map((node) => [(node as Scalar).value, node]))
  sequence.items = texts.map((text) => nodes.get(text) ?? document.createNode(text))
}
