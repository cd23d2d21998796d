import { joinPointer, type Source } from '../document/index.ts'
import { AssayError, type Position } from '../errors.ts'
import { compileSource, type Validate, type ViewName } from '../schema/index.ts'

/** What the prose of a document adds to its schemas, per status. */
export type Envelope = {
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
  const validators = new Map<string, Validate>()
  for (const key of Object.keys(value)) {
    if (!/^([1-5](\d\d|XX)|default)$/.test(key)) {
      throw new AssayError('ENVELOPE_INVALID', `"${key}" is no status code, range or "default"`, {
        at: source.positionOf(joinPointer('', key)),
        hint: 'write 404, 4XX or default',
      })
    }
    validators.set(key, schemas.validator(`/${key}`))
  }
  return {
    validatorFor: (status) =>
      validators.get(String(status)) ??
      validators.get(`${Math.floor(status / 100)}XX`) ??
      validators.get('default'),
    positionOf: (pointer) => source.positionOf(pointer),
  }
}
