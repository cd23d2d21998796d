import {
  joinPointer,
  lookUp,
  nearest,
  type Pointer,
  type Source,
  splitPointer,
} from '../document/index.ts'
import { AssayError, type ErrorCode } from '../errors.ts'
import type { Violation } from '../schema/index.ts'

/** A kind of file that people write for us. */
export type FileKind = {
  /** With its article. */
  readonly name: string
  readonly schema: object
  /** Where its schema is published. */
  readonly published: string
  readonly invalid: ErrorCode
  readonly unknownKey: ErrorCode
}

/** Says the most telling of what is wrong with such a file: a misspelt key is why another one is missing. */
export function refuse(
  source: Source,
  violations: readonly Violation[],
  kind: FileKind,
): AssayError {
  const unknown = violations.find(({ keyword }) => keyword === 'additionalProperties')
  if (unknown !== undefined) return unknownKey(source, unknown, kind)
  const [first] = violations.toSorted((a, b) => rank(a) - rank(b))
  if (first === undefined) throw new Error('nothing is wrong')
  const { instance, keyword, expected } = first
  const wanted = keyword === 'oneOf' ? 'either "url" or "embedded"' : expected
  return new AssayError(kind.invalid, `expected ${wanted}, received ${received(source, first)}`, {
    at: source.positionOf(instance),
    hint: `an editor that knows ${kind.published} shows what may stand here`,
  })
}

function unknownKey(
  source: Source,
  { instance, member = '', schema }: Violation,
  kind: FileKind,
): AssayError {
  const known = knownKeys(kind.schema, schema)
  const near = nearest(member, known)
  const message = `${JSON.stringify(member)} is no key of ${nameOf(instance, kind)}`
  return new AssayError(kind.unknownKey, message, {
    at: source.positionOf(joinPointer(instance, member)),
    hint: near === undefined ? `known: ${known.join(', ')}` : `did you mean "${near}"?`,
  })
}

function rank({ keyword }: Violation): number {
  return keyword === 'oneOf' ? 1 : 0
}

/** The value that was found; where a credential may have been put by mistake, only what kind it is. */
function received({ value }: Source, { instance, received }: Violation): string {
  const found = lookUp(value, splitPointer(instance))
  if (Array.isArray(found)) return 'a list'
  if (typeof found === 'object') return found === null ? 'nothing' : 'a mapping'
  const mayBeSecret = /\/(credential|headers|faultHeader|states)(\/|$)/.test(instance)
  return mayBeSecret ? `a ${typeof found}` : received
}

function nameOf(instance: Pointer, { name }: FileKind): string {
  return instance === '' ? name : `"${instance.slice(1).replaceAll('/', '.')}"`
}

/** The keys that our own schema allows beside the refused one. */
function knownKeys(whole: object, schema: Pointer): readonly string[] {
  const parent = lookUp(whole, splitPointer(schema).slice(0, -1))
  return Object.keys((parent as { properties?: object }).properties ?? {})
}
