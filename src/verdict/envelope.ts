import { joinPointer, type Pointer, type Source } from '../document/index.ts'
import { AssayError, type Position } from '../errors.ts'
import { compileSource, type Schemas, type Validate, type ViewName } from '../schema/index.ts'

/** What the prose of a document adds to its schemas, per status. */
export type Envelope = {
  readonly source: Source
  readonly schemas: Schemas
  /** Where the schema stands that holds for a status. */
  pointerFor(status: number): Pointer | undefined
  validatorFor(status: number): Validate | undefined
  positionOf(pointer: string): Position
}

/**
 * Prepares an envelope: JSON Schema 2020-12 by status code, range or `default`; exact beats range
 * beats default, as in `responses`.
 *
 * @throws AssayError ENVELOPE_INVALID for a key that is no status; SCHEMA_NOT_COMPILED
 */
export async function compileEnvelope(
  source: Source,
  view: ViewName = 'answer',
): Promise<Envelope> {
  const { value } = source
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AssayError(
      'ENVELOPE_INVALID',
      'an envelope is a mapping of status codes to schemas',
      {
        at: source.positionOf(''),
        hint: 'write for example 4XX: {type: object, required: [error]}',
      },
    )
  }
  const schemas = await compileSource(source, view)
  const validators = new Map<Pointer, Validate>()
  for (const key of Object.keys(value)) {
    if (!/^([1-5](\d\d|XX)|default)$/.test(key)) {
      throw new AssayError('ENVELOPE_INVALID', `"${key}" is no status code, range or "default"`, {
        at: source.positionOf(joinPointer('', key)),
        hint: 'write 404, 4XX or default',
      })
    }
    validators.set(`/${key}`, schemas.validator(`/${key}`))
  }
  const pointerFor = (status: number) =>
    [`/${status}`, `/${Math.floor(status / 100)}XX`, '/default'].find((each) =>
      validators.has(each),
    )
  return {
    source,
    schemas,
    pointerFor,
    validatorFor: (status) => validators.get(pointerFor(status) ?? ''),
    positionOf: (pointer) => source.positionOf(pointer),
  }
}
