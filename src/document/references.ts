import { AssayError } from '../errors.ts'
import { checkCircles, type Link } from './circles.ts'
import { joinPointer, lookUp, type Pointer, splitPointer } from './pointer.ts'
import { createRefResolver, type ResolveRef } from './resolve-ref.ts'
import { describe, expectText, isObject } from './shape.ts'
import type { Source } from './source.ts'
import { componentKind, type Part, type PartKind, visitParts } from './visit-parts.ts'

/** A `$ref` or `$dynamicRef` and the object that holds it. */
type Reference = {
  readonly ref: string
  readonly keyword: '$ref' | '$dynamicRef'
  readonly kind: PartKind
  readonly pointer: Pointer
}

/**
 * Checks every reference of the document, reached by an operation or not, and returns what
 * resolves them.
 *
 * Throws DOCUMENT_REF_UNRESOLVED, DOCUMENT_REF_EXTERNAL, DOCUMENT_REF_CIRCULAR, and
 * DOCUMENT_INVALID where a reference may not stand or leads to something of another kind. A schema
 * may hold itself, but may not be nothing else than itself (JSON Schema 2020-12, section 9.4.1).
 */
export function checkReferences(source: Source): ResolveRef {
  const { identify, resolveRef } = createRefResolver(source)
  const references: Reference[] = []
  const seen = new Set<string>()

  const enter = (part: Part): boolean => {
    const { kind, pointer, value } = part
    const key = `${kind} ${pointer}`
    if (seen.has(key)) return false
    seen.add(key)
    if (kind === 'schema') identify(value, pointer)
    const found = referencesIn(source, part)
    references.push(...found)
    // What stands beside a reference counts in these two only (OpenAPI 3.1, section 4.8.23).
    return found.length === 0 || kind === 'schema' || kind === 'pathItem'
  }

  visitParts('openapi', source.value, '', enter)
  const links = new Map<Pointer, Link>()
  // Grows while it is read: a reference may lead to a part that nothing else says the kind of.
  for (const reference of references) {
    const target = resolveRef(reference.ref, reference.pointer)
    const value = lookUp(source.value, splitPointer(target))
    checkTarget(source, reference, target, value)
    visitParts(reference.kind, value, target, enter)
    if (reference.keyword === '$ref') links.set(reference.pointer, { ref: reference.ref, target })
  }
  checkCircles(source, links)
  return resolveRef
}

function referencesIn(source: Source, { kind, pointer, value }: Part): readonly Reference[] {
  const keywords = kind === 'schema' ? (['$ref', '$dynamicRef'] as const) : (['$ref'] as const)
  return keywords
    .filter((keyword) => Object.hasOwn(value, keyword) && !mapKinds.has(kind))
    .map((keyword) => {
      const spot = { pointer: joinPointer(pointer, keyword), value: value[keyword] }
      if (fixedKinds.has(kind)) {
        const message = `expected ${kindName(kind)}, received a "$ref", which may not stand for one`
        throw new AssayError('DOCUMENT_INVALID', message, { at: source.positionOf(spot.pointer) })
      }
      return { ref: expectText(source, spot), keyword, kind, pointer }
    })
}

/** Kinds whose keys are names, so that `$ref` is one too. */
const mapKinds: ReadonlySet<PartKind> = new Set(['paths', 'responses'])

/** Kinds that no reference can replace (OpenAPI 3.1, section 4.8). */
const fixedKinds: ReadonlySet<PartKind> = new Set([
  'openapi',
  'components',
  'operation',
  'mediaType',
  'encoding',
])

function checkTarget(
  source: Source,
  { ref, keyword, kind, pointer }: Reference,
  target: Pointer,
  value: unknown,
): void {
  const [top, section = '', ...names] = splitPointer(target)
  const component = top === 'components' && names.length === 1 ? componentKind(section) : undefined
  const fits = isObject(value) || (kind === 'schema' && typeof value === 'boolean')
  if (fits && (component ?? kind) === kind) return
  const received = fits && component !== undefined ? kindName(component) : describe(value)
  const message = `expected "${ref}" to lead to ${kindName(kind)}, received ${received}`
  throw new AssayError('DOCUMENT_INVALID', message, {
    at: source.positionOf(joinPointer(pointer, keyword)),
  })
}

/** `mediaType` as `a media type`. */
function kindName(kind: PartKind): string {
  const words = kind.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return `${/^[aeo]/.test(words) ? 'an' : 'a'} ${words}`
}
