import { type Operation, readOperations } from './operations.ts'
import { lookUp, splitPointer } from './pointer.ts'
import type { Reading } from './reading.ts'
import { checkReferences } from './references.ts'
import { expectObject, expectText, memberAt } from './shape.ts'
import type { Source } from './source.ts'
import { checkVersion } from './version.ts'

/** One parsed and checked OpenAPI 3.1 description. */
export type Document = Reading & {
  /** Of its `info`, like `version`. */
  readonly title: string
  readonly version: string
  /** In the order of the document. */
  readonly operations: readonly Operation[]
}

/**
 * Reads a source as an OpenAPI 3.1 description, checking all that is read and every `$ref`.
 *
 * Nothing is dereferenced or copied: schemas, examples and headers are pointers into the root.
 * Throws the DOCUMENT codes, each with its position.
 */
export function readDocument(source: Source): Document {
  const root = checkVersion(source)
  const reading: Reading = {
    source,
    root,
    valueAt: (pointer) => lookUp(root, splitPointer(pointer)),
    positionOf: (pointer) => source.positionOf(pointer),
    resolveRef: checkReferences(source),
  }
  const info = memberAt({ pointer: '', value: root }, 'info')
  expectObject(source, info)
  return {
    ...reading,
    title: expectText(source, memberAt(info, 'title')),
    version: expectText(source, memberAt(info, 'version')),
    operations: readOperations(reading),
  }
}
