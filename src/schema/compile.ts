import type { Ajv, ErrorObject, ValidateFunction } from 'ajv'
import {
  type Document,
  joinPointer,
  lookUp,
  type Pointer,
  type Source,
  splitPointer,
} from '../document/index.ts'
import { AssayError, type Position } from '../errors.ts'
import {
  readPattern,
  type SchemaRoot,
  type Slice,
  SliceError,
  sliceId,
  sliceSchema,
} from './slice.ts'
import { type View, type ViewName, views } from './view.ts'
import { explain, tooDeep, type Violation } from './violation.ts'

/** Says, in document order, everything in which a value differs from its schema; empty: it conforms. */
export type Validate = (value: unknown) => readonly Violation[]

export type Schemas = {
  /**
   * The validator for the schema at a place of the document; compiled on first use, then kept.
   *
   * @throws AssayError SCHEMA_NOT_COMPILED where the schema, or one that it refers to, is no JSON
   * Schema 2020-12; at the keyword to blame
   */
  validator(pointer: Pointer): Validate
}

/**
 * Prepares the schemas of a document (OpenAPI 3.1, section 4.8.24: JSON Schema 2020-12).
 *
 * Nothing is dereferenced: each referenced place is compiled once, by itself, so that circular
 * references cost nothing and a violation can name the line that promised what was missed.
 */
export async function compileSchemas(
  document: Document,
  view: ViewName = 'answer',
): Promise<Schemas> {
  return compileRoot(document, (pointer) => document.positionOf(pointer), views[view])
}

/** Prepares the schemas of a text that is no OpenAPI document, such as an envelope. */
export async function compileSource(source: Source, view: ViewName = 'answer'): Promise<Schemas> {
  return compileRoot(plainRoot(source.value), (pointer) => source.positionOf(pointer), views[view])
}

/** Compiles one schema of our own. */
export async function compileSchema(schema: object): Promise<Validate> {
  return (await compileRoot(plainRoot(schema), () => undefined, views.answer)).validator('')
}

async function compileRoot(
  root: SchemaRoot,
  positionOf: (pointer: Pointer) => Position | undefined,
  view: View,
): Promise<Schemas> {
  const [ajv, dialect] = await Promise.all([createAjv(), openDialect()])
  const origins = new WeakMap<object, Pointer>()
  const units = new Map<Pointer, readonly Pointer[]>()
  const validators = new Map<Pointer, Validate>()
  const twins = new Map<string, Pointer>()
  const reached = new Map<Pointer, ReadonlySet<Pointer>>()

  /** Makes every place known that a schema leads to, each as a unit of its own. */
  function addAll(pointer: Pointer): ReadonlySet<Pointer> {
    const found = new Set([pointer])
    for (const unit of found) {
      for (const reference of units.get(unit) ?? add(unit)) found.add(reference)
    }
    return found
  }

  function add(pointer: Pointer): readonly Pointer[] {
    const { schema, references } = sliceSchema(root, pointer, origins, view)
    if (!isSchema(schema)) throw new SliceError('an object or a boolean is expected', pointer)
    if (!dialect.validateSchema(schema)) throw malformed(dialect.errors ?? [], pointer)
    ajv.addSchema(schema, sliceId(pointer), undefined, false)
    units.set(pointer, references)
    return references
  }

  function compile(pointer: Pointer): Validate {
    const validate = attempt(pointer)
    const context = { placeOf: (schema: object) => origins.get(schema) ?? pointer, reachable }
    return (value) => {
      try {
        return validate(value) ? [] : explain(validate.errors ?? [], context)
      } catch (error) {
        if (error instanceof RangeError) return [tooDeep(pointer)]
        throw error
      }
    }
  }

  /** The first place with the very same schema, where it refers to nothing; what is wrong with it, `compile` says. */
  function twinOf(pointer: Pointer): Pointer | undefined {
    try {
      const { schema, references } = sliceSchema(root, pointer, origins, view)
      if (references.length > 0 || !isSchema(schema)) return undefined
      const text = JSON.stringify(schema)
      const first = twins.get(text)
      if (first === undefined) twins.set(text, pointer)
      return first
    } catch {
      return undefined
    }
  }

  /** The validator of a twin, which names the places of this one. */
  function moved(first: Pointer, pointer: Pointer): Validate {
    const validate = validators.get(first)
    if (validate === undefined) return compile(pointer)
    return (value) =>
      validate(value).map((violation) => ({
        ...violation,
        schema: `${pointer}${violation.schema.slice(first.length)}`,
      }))
  }

  function attempt(pointer: Pointer): ValidateFunction {
    try {
      addAll(pointer)
      const validate = ajv.getSchema(sliceId(pointer))
      if (validate === undefined) throw new Error('it could not be found again')
      return validate
    } catch (cause) {
      if (cause instanceof AssayError) throw cause
      throw new AssayError('SCHEMA_NOT_COMPILED', `the schema cannot be compiled: ${say(cause)}`, {
        at: positionOf(cause instanceof SliceError ? cause.pointer : pointer),
        hint: 'correct the schema; until then nothing can be said about the answers that it describes',
        cause,
      })
    }
  }

  /** The units that the subschemas at a place lead to, however far. */
  function reachable(place: Pointer): ReadonlySet<Pointer> {
    const known = reached.get(place)
    if (known !== undefined) return known
    const found = new Set<Pointer>()
    for (const { references } of subschemas(place)) {
      for (const unit of references.flatMap((each) => [...addAll(each)])) found.add(unit)
    }
    reached.set(place, found)
    return found
  }

  /** Of a place that only the view has, all that the schema around it holds. */
  function subschemas(place: Pointer): readonly Slice[] {
    const value = root.valueAt(place)
    if (value === undefined) return subschemas(place.slice(0, place.lastIndexOf('/')))
    const places = Array.isArray(value) ? value.map((_, index) => `${place}/${index}`) : [place]
    return places.map((each) => sliceSchema(root, each, origins, view))
  }

  return {
    validator(pointer) {
      const known = validators.get(pointer)
      if (known !== undefined) return known
      const first = twinOf(pointer)
      const validate = first === undefined ? compile(pointer) : moved(first, pointer)
      validators.set(pointer, validate)
      return validate
    },
  }
}

function isSchema(value: unknown): value is object | boolean {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject || typeof value === 'boolean'
}

/** Says the first thing that is wrong with a schema, at the keyword where it stands. */
function malformed([first]: readonly ErrorObject[], pointer: Pointer): SliceError {
  const { instancePath = '', message = 'it is malformed', params = {} } = first ?? {}
  const allowed = Array.isArray(params.allowedValues) ? `: ${params.allowedValues.join(', ')}` : ''
  const name = JSON.stringify(splitPointer(instancePath).at(-1) ?? 'it')
  return new SliceError(`${name} ${message}${allowed}`, `${pointer}${instancePath}`)
}

let dialectOpened: Promise<Ajv> | undefined

/** What says whether a schema is one at all; compiled once, because that costs more than most documents. */
function openDialect(): Promise<Ajv> {
  dialectOpened ??= createAjv()
  return dialectOpened
}

async function createAjv(): Promise<Ajv> {
  const [{ Ajv2020 }, { default: formats }] = await Promise.all([
    import('ajv/dist/2020.js'),
    import('ajv-formats'),
  ])
  const ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    verbose: true,
    inlineRefs: false,
    ownProperties: true,
    logger: false,
    // 19.99 is a multiple of 0.01, though not of its nearest binary fraction.
    multipleOfPrecision: 8,
    code: { optimize: false, regExp: readPattern },
  })
  formats.default(ajv)
  return ajv
}

function plainRoot(value: unknown): SchemaRoot {
  return {
    valueAt: (pointer) => lookUp(value, splitPointer(pointer)),
    resolveRef(ref, at) {
      const pointer = decodeURIComponent(ref.replace(/^#/, ''))
      if (/^(\/|$)/.test(pointer) && lookUp(value, splitPointer(pointer)) !== undefined)
        return pointer
      throw new SliceError(`${JSON.stringify(ref)} points at nothing`, joinPointer(at, '$ref'))
    },
  }
}

function say(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
