import { joinPointer, type Pointer } from './pointer.ts'
import { isObject } from './shape.ts'

/** The objects of OpenAPI 3.1 (section 4.8) in which, or below which, a `$ref` can stand. */
export type PartKind =
  | 'openapi'
  | 'components'
  | 'paths'
  | 'pathItem'
  | 'operation'
  | 'parameter'
  | 'requestBody'
  | 'responses'
  | 'response'
  | 'header'
  | 'mediaType'
  | 'encoding'
  | 'schema'
  | 'example'
  | 'link'
  | 'callback'
  | 'securityScheme'

/** An object of the document whose kind is known. */
export type Part = {
  readonly kind: PartKind
  readonly pointer: Pointer
  readonly value: Readonly<Record<string, unknown>>
}

/**
 * Visits an object and all that it holds, the outer before the inner, as long as `enter` says so.
 *
 * Only fields that the standard gives a kind are followed, so data is never taken for a part: the
 * inside of `example`, `default`, `const`, `enum`, extensions; nor is a property called `$ref`.
 * Values of a wrong shape are passed over; whoever reads them complains.
 */
export function visitParts(
  kind: PartKind,
  value: unknown,
  pointer: Pointer,
  enter: (part: Part) => boolean,
): void {
  if (!isObject(value) || !enter({ kind, pointer, value })) return
  const fields = grammar[kind]
  const others = fields.get('*')
  for (const [name, member] of Object.entries(value)) {
    const field = fields.get(name) ?? (name.startsWith('x-') ? undefined : others)
    if (field === undefined || typeof member !== 'object' || member === null) continue
    const at = joinPointer(pointer, name)
    if (field.holds === 'one') visitParts(field.kind, member, at, enter)
    else if (Array.isArray(member) === (field.holds === 'list')) {
      for (const [key, inner] of Object.entries(member)) {
        visitParts(field.kind, inner, joinPointer(at, key), enter)
      }
    }
  }
}

/** The component sections (OpenAPI 3.1, section 4.8.7) and what they hold. */
export function componentKind(section: string): PartKind | undefined {
  return grammar.components.get(section)?.kind
}

type Form = 'one' | 'list' | 'map'
type Field = { readonly holds: Form; readonly kind: PartKind }
type Fields = ReadonlyMap<string, Field>

function fieldsOf(
  forms: Readonly<Partial<Record<Form, Readonly<Record<string, PartKind>>>>>,
): Fields {
  const entries = (['one', 'list', 'map'] as const).flatMap((holds) =>
    Object.entries(forms[holds] ?? {}).map(([name, kind]) => [name, { holds, kind }] as const),
  )
  return new Map(entries)
}

const valueFields = fieldsOf({
  one: { schema: 'schema' },
  map: { content: 'mediaType', examples: 'example' },
})

/** `*` stands for every other field but an extension. */
const grammar: Readonly<Record<PartKind, Fields>> = {
  openapi: fieldsOf({
    one: { paths: 'paths', components: 'components' },
    map: { webhooks: 'pathItem' },
  }),
  components: fieldsOf({
    map: {
      schemas: 'schema',
      responses: 'response',
      parameters: 'parameter',
      examples: 'example',
      requestBodies: 'requestBody',
      headers: 'header',
      securitySchemes: 'securityScheme',
      links: 'link',
      callbacks: 'callback',
      pathItems: 'pathItem',
    },
  }),
  paths: fieldsOf({ one: { '*': 'pathItem' } }),
  pathItem: fieldsOf({
    one: {
      get: 'operation',
      put: 'operation',
      post: 'operation',
      delete: 'operation',
      options: 'operation',
      head: 'operation',
      patch: 'operation',
      trace: 'operation',
    },
    list: { parameters: 'parameter' },
  }),
  operation: fieldsOf({
    one: { requestBody: 'requestBody', responses: 'responses' },
    list: { parameters: 'parameter' },
    map: { callbacks: 'callback' },
  }),
  parameter: valueFields,
  requestBody: fieldsOf({ map: { content: 'mediaType' } }),
  responses: fieldsOf({ one: { '*': 'response' } }),
  response: fieldsOf({ map: { headers: 'header', content: 'mediaType', links: 'link' } }),
  header: valueFields,
  mediaType: fieldsOf({
    one: { schema: 'schema' },
    map: { examples: 'example', encoding: 'encoding' },
  }),
  encoding: fieldsOf({ map: { headers: 'header' } }),
  // JSON Schema 2020-12, section 10, and Validation, appendix A; `definitions` and `dependencies`
  // are what it keeps of older drafts.
  schema: fieldsOf({
    one: {
      additionalProperties: 'schema',
      contains: 'schema',
      contentSchema: 'schema',
      else: 'schema',
      if: 'schema',
      items: 'schema',
      not: 'schema',
      propertyNames: 'schema',
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: 'schema',
      unevaluatedItems: 'schema',
      unevaluatedProperties: 'schema',
    },
    list: { allOf: 'schema', anyOf: 'schema', oneOf: 'schema', prefixItems: 'schema' },
    map: {
      $defs: 'schema',
      definitions: 'schema',
      dependencies: 'schema',
      dependentSchemas: 'schema',
      patternProperties: 'schema',
      properties: 'schema',
    },
  }),
  example: fieldsOf({}),
  link: fieldsOf({}),
  callback: fieldsOf({ one: { '*': 'pathItem' } }),
  securityScheme: fieldsOf({}),
}
