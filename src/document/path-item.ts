import { AssayError, formatPosition } from '../errors.ts'
import { nearest } from './nearest.ts'
import { type Parameter, readParameters } from './parameters.ts'
import { followRefs, type Reading } from './reading.ts'
import { expectMembers, type Spot } from './shape.ts'

/** An operation as its path holds it. */
export type FoundOperation = {
  readonly path: string
  /** In lower case, as the document writes it. */
  readonly method: string
  readonly spot: Spot
  /** The parameters of the path. */
  readonly shared: readonly Parameter[]
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']
const silent = ['$ref', 'summary', 'description', 'servers']

/**
 * Finds the operations of a path, in the order of the document.
 *
 * A field that a path item does not have is refused, for a method that is written wrong would
 * otherwise never be tested. So is one that stands both beside a `$ref` and where it leads, which
 * the standard leaves undefined (OpenAPI 3.1, section 4.8.9). Throws DOCUMENT_INVALID.
 */
export function readPathItem(
  reading: Reading,
  item: Spot & { readonly name: string },
): readonly FoundOperation[] {
  const path = item.name
  if (!path.startsWith('/')) {
    const message = `expected a path that begins with "/", received "${path}"`
    throw invalidAt(reading, item, message, `write "/${path}"`)
  }
  const fields = readFields(reading, item)
  const parameters = fields.get('parameters')
  const shared = parameters === undefined ? [] : readParameters(reading, parameters)
  return [...fields]
    .filter(([name]) => name !== 'parameters')
    .map(([method, spot]) => ({ path, method, spot, shared }))
}

/** Methods and `parameters`, of the path item and of what its `$ref`s lead to. */
function readFields(reading: Reading, item: Spot): ReadonlyMap<string, Spot> {
  const fields = new Map<string, Spot>()
  for (const part of followRefs(reading, item)) {
    for (const field of expectMembers(reading.source, part)) {
      const { name } = field
      if (name.startsWith('x-') || silent.includes(name)) continue
      const first = fields.get(name)
      if (first !== undefined) throw both(reading, name, first, field)
      if (name !== 'parameters' && !methods.includes(name)) throw unknown(reading, name, field)
      fields.set(name, field)
    }
  }
  return fields
}

function unknown(reading: Reading, name: string, field: Spot): AssayError {
  const near = nearest(name, [...methods, ...silent, 'parameters'])
  const hint = near ? `the nearest name is "${near}"` : 'the name of an extension begins with "x-"'
  const message = `expected a method or another field of a path item, received "${name}"`
  return invalidAt(reading, field, message, hint)
}

function both(reading: Reading, name: string, first: Spot, second: Spot): AssayError {
  const place = formatPosition(reading.positionOf(second.pointer))
  const message = `"${name}" stands beside the "$ref" and again where it leads`
  return invalidAt(reading, first, message, `keep one of them; the other stands at ${place}`)
}

function invalidAt(reading: Reading, spot: Spot, message: string, hint: string): AssayError {
  return new AssayError('DOCUMENT_INVALID', message, {
    at: reading.positionOf(spot.pointer),
    hint,
  })
}
