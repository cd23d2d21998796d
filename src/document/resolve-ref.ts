import { AssayError, formatPosition } from '../errors.ts'
import { nearestRef } from './nearest-ref.ts'
import { joinPointer, lookUp, type Pointer, splitPointer } from './pointer.ts'
import { expectText, invalid, type Members } from './shape.ts'
import type { Source } from './source.ts'

/** Says where a reference written at `at` leads. */
export type ResolveRef = (ref: string, at: Pointer) => Pointer

export type RefResolver = {
  readonly resolveRef: ResolveRef
  /** Takes note of the `$id`, `$anchor` and `$dynamicAnchor` of a schema, outer schemas first. */
  identify(schema: Members, pointer: Pointer): void
}

/**
 * Resolves URI references (RFC 3986, section 5) to places in the document: by JSON Pointer
 * (RFC 6901, section 6), by anchor and by `$id` (JSON Schema 2020-12, section 8.2).
 *
 * `resolveRef` throws DOCUMENT_REF_EXTERNAL and DOCUMENT_REF_UNRESOLVED; `identify` throws
 * DOCUMENT_INVALID where a name has the wrong form or stands twice.
 */
export function createRefResolver(source: Source): RefResolver {
  const rootUri = documentUri(source.name)
  const resources = new Map<string, Pointer>([[rootUri, '']])
  const uris = new Map<Pointer, string>()
  const anchors = new Map<string, Map<string, Pointer>>()

  const baseOf = (pointer: Pointer): string => {
    if (uris.size === 0) return rootUri
    for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
      const uri = uris.get(at)
      if (uri !== undefined) return uri
    }
    return rootUri
  }

  const claim = (
    names: Map<string, Pointer>,
    name: string,
    pointer: Pointer,
    key: string,
  ): void => {
    const first = names.get(name)
    if (first === undefined) names.set(name, pointer)
    // A schema that YAML aliases repeat is still one schema.
    else if (valueAt(source, first) !== valueAt(source, pointer)) {
      const place = formatPosition(source.positionOf(first))
      const repeated = joinPointer(pointer, key)
      const written = String(valueAt(source, repeated))
      throw new AssayError('DOCUMENT_INVALID', `two schemas have the ${key} "${written}"`, {
        at: source.positionOf(repeated),
        hint: `rename one of them; the first schema stands at ${place}`,
      })
    }
  }

  const identify = (schema: Members, pointer: Pointer): void => {
    if (Object.hasOwn(schema, '$id')) {
      const spot = { pointer: joinPointer(pointer, '$id'), value: schema.$id }
      const uri = resolveUri(expectText(source, spot), baseOf(pointer))
      if (uri === undefined || /#./.test(String(schema.$id))) {
        throw invalid(source, spot, 'a URI without a fragment', 'name a place with "$anchor"')
      }
      claim(resources, uri, pointer, '$id')
      uris.set(pointer, uri)
    }
    for (const key of ['$anchor', '$dynamicAnchor']) {
      if (!Object.hasOwn(schema, key)) continue
      const name = expectText(source, { pointer: joinPointer(pointer, key), value: schema[key] })
      const base = baseOf(pointer)
      const names = anchors.get(base) ?? new Map<string, Pointer>()
      anchors.set(base, names)
      claim(names, name, pointer, key)
    }
  }

  const resolveRef = (ref: string, at: Pointer): Pointer => {
    const [uriPart = '', ...rest] = ref.split('#')
    const base = baseOf(at)
    const uri = uriPart === '' ? base : (resolveUri(uriPart, base) ?? '')
    const resource = resources.get(uri)
    if (resource === undefined) throw external(source, ref, at)
    const fragment = decodeFragment(rest.join('#'))
    if (fragment === '') return resource
    const names = anchors.get(uri)
    const target = fragment?.startsWith('/')
      ? joinPointer(resource, ...splitPointer(fragment))
      : names?.get(fragment ?? '')
    if (target !== undefined && valueAt(source, target) !== undefined) return target
    throw new AssayError('DOCUMENT_REF_UNRESOLVED', `"${ref}" points at nothing`, {
      at: source.positionOf(refPointer(at)),
      hint: hintFor(resource, uriPart, fragment ?? '', [...(names?.keys() ?? [])]),
    })
  }

  const hintFor = (
    resource: Pointer,
    uriPart: string,
    fragment: string,
    names: readonly string[],
  ): string | undefined => {
    if (resource !== '' && fragment.startsWith('/') && valueAt(source, fragment) !== undefined) {
      const place = formatPosition(source.positionOf(joinPointer(resource, '$id')))
      return `"#" means the schema around it, because of the "$id" at ${place}`
    }
    const near = nearestRef(valueAt(source, resource), fragment, names)
    return near === undefined ? undefined : `the nearest name is "${uriPart}#${near}"`
  }

  return { identify, resolveRef }
}

function valueAt(source: Source, pointer: Pointer): unknown {
  return lookUp(source.value, splitPointer(pointer))
}

/** The base of relative references is where the document came from (OpenAPI 3.1, section 4.6). */
function documentUri(name: string): string {
  if (!/^https?:/i.test(name) || !URL.canParse(name)) {
    const file = encodeURIComponent(/[^/\\]*$/.exec(name)?.[0] ?? '')
    return `assay://document/${file}`
  }
  const url = new URL(name)
  url.username = ''
  url.password = ''
  url.hash = ''
  return url.href
}

function resolveUri(reference: string, base: string): string | undefined {
  if (!URL.canParse(reference, base)) return undefined
  const url = new URL(reference, base)
  url.hash = ''
  return url.href
}

function decodeFragment(fragment: string): string | undefined {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return undefined
  }
}

function external(source: Source, ref: string, at: Pointer): AssayError {
  return new AssayError('DOCUMENT_REF_EXTERNAL', `"${ref}" leads out of the document`, {
    at: source.positionOf(refPointer(at)),
    hint: 'bundle the document into one file first',
  })
}

/** Of the `$ref` itself, where `at` names the object that holds it. */
function refPointer(at: Pointer): Pointer {
  return joinPointer(at, '$ref')
}
