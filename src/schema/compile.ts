import type { Ajv, ErrorObject, ValidateFunction } from 'ajv'
import {
  type Document,
  lookUp,
  type Pointer,
  type Source,
  splitPointer,
} from '../document/index.ts'
import { AssayError } from '../errors.ts'
import { type SchemaRoot, sliceId, sliceSchema } from './slice.ts'
import { explain, type Violation } from './violation.ts'

/** Says, in document order, everything in which a value differs from its schema; empty: it conforms. */
export type Validate = (value: unknown) => readonly Violation[]

export type Schemas = {
  /**
   * The validator for the schema at a place of the document; compiled on first use, then kept.
   *
   * @throws AssayError SCHEMA_NOT_COMPILED where the schema is no JSON Schema 2020-12
   */
  validator(pointer: Pointer): Validate
}

/**
 * Prepares the schemas of a document (OpenAPI 3.1, section 4.8.24: JSON Schema 2020-12).
 *
 * Nothing is dereferenced: each referenced place is compiled once, by itself, so that circular
 * references cost nothing and a violation can name the line that promised what was missed.
 */
export async function compileSchemas(document: Document): Promise<Schemas> {
  return compileRoot(document, (pointer) => document.positionOf(pointer))
}

/** Prepares the schemas of a text that is no OpenAPI document, such as an envelope. */
export async function compileSource(source: Source): Promise<Schemas> {
  return compileRoot(plainRoot(source.value), (pointer) => source.positionOf(pointer))
}

/** Compiles one schema of our own. */
export async function compileSchema(schema: object): Promise<Validate> {
  return (await compileRoot(plainRoot(schema), () => undefined)).validator('')
}

async function compileRoot(
  root: SchemaRoot,
  positionOf: (pointer: Pointer) => ReturnType<Source['positionOf']> | undefined,
): Promise<Schemas> {
  const ajv = await createAjv()
  const origins = new WeakMap<object, Pointer>()
  const added = new Map<Pointer, readonly Pointer[]>()
  const validators = new Map<Pointer, Validate>()

  function add(pointer: Pointer): void {
    const waiting = [pointer]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (added.has(next)) continue
      const { schema, references } = sliceSchema(root, next, origins)
      added.set(next, references)
      ajv.addSchema(schema as object, sliceId(next))
      waiting.push(...references)
    }
  }

  function reachable(pointer: Pointer): ReadonlySet<Pointer> {
    const found = new Set<Pointer>()
    const waiting = [...sliceSchema(root, pointer, origins).references]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (found.has(next)) continue
      found.add(next)
      waiting.push(...(added.get(next) ?? []))
    }
    return found
  }

  function compile(pointer: Pointer): Validate {
    const validate = attempt(pointer)
    const context = {
      placeOf: (schema: object) => origins.get(schema) ?? pointer,
      reachable,
    }
    return (value) => (validate(value) ? [] : explain(validate.errors as ErrorObject[], context))
  }

  function attempt(pointer: Pointer): ValidateFunction {
    try {
      add(pointer)
      const validate = ajv.getSchema(sliceId(pointer))
      if (validate === undefined) throw new Error('it could not be found again')
      return validate
    } catch (cause) {
      if (cause instanceof AssayError) throw cause
      throw new AssayError('SCHEMA_NOT_COMPILED', `the schema cannot be compiled: ${say(cause)}`, {
        at: positionOf(pointer),
        hint: 'correct the schema; until then nothing can be said about the answers that it describes',
        cause,
      })
    }
  }

  return {
    validator(pointer) {
      const known = validators.get(pointer)
      if (known !== undefined) return known
      const validate = compile(pointer)
      validators.set(pointer, validate)
      return validate
    },
  }
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
    code: { optimize: false, regExp: toleratingRegExp },
  })
  formats.default(ajv)
  return ajv
}

/** Reads a pattern as Unicode text and, where it is only well-formed without that, in the older way. */
function toleratingRegExp(pattern: string, flags: string): RegExp {
  try {
    return new RegExp(pattern, flags)
  } catch {
    return new RegExp(pattern)
  }
}
toleratingRegExp.code = 'new RegExp'

function plainRoot(value: unknown): SchemaRoot {
  return {
    valueAt: (pointer) => lookUp(value, splitPointer(pointer)),
    resolveRef: (ref) => decodeURIComponent(ref.replace(/^#/, '')),
  }
}

function say(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
