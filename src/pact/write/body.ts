import { lookUp, type MediaType, type Pointer, splitPointer } from '../../document/index.ts'
import type { Envelope, Promises } from '../../verdict/index.ts'
import { type Clause, type Demand, meets, type SchemaText } from './clauses.ts'
import { Unsayable } from './rules.ts'
import { type Shape, shapeValue } from './shape.ts'

/** Makes the bodies of answers; each schema is shaped once. */
export type BodyWriter = {
  /**
   * The JSON body of an answer and the rules for it; undefined where nothing is promised of one.
   *
   * @throws Unsayable where no example conforms, or no pact can say what is promised
   */
  write(media: MediaType, status: number): Shape | undefined
  /** The text of the document, for what else is promised in it. */
  readonly document: SchemaText
}

/** Prepares the making of bodies from the schemas of a document and its envelope. */
export function openBodies({ document, schemas, envelope }: Promises): BodyWriter {
  const text: SchemaText = {
    name: 'document',
    schemas,
    valueAt: remember(document.valueAt),
    resolveRef: document.resolveRef,
  }
  const enveloped = envelope && envelopeText(envelope)
  const made = new Map<string, Shape | undefined>()

  function write(media: MediaType, status: number): Shape | undefined {
    const around = envelope?.pointerFor(status)
    const clauses: readonly Clause[] = [
      ...(media.schema === undefined ? [] : [{ text, pointer: media.schema }]),
      ...(enveloped === undefined || around === undefined
        ? []
        : [{ text: enveloped, pointer: around }]),
    ]
    if (clauses.every((clause) => saysNothing(clause))) return undefined
    const example = media.example === undefined ? '' : media.pointer
    const key = [example, ...clauses.map(({ pointer }) => pointer)].join(' ')
    if (!made.has(key)) made.set(key, shapeBody({ clauses, choices: [] }, media.example))
    return made.get(key)
  }

  return { write, document: text }
}

/** Validates once, and value by value only where that does not do. */
function shapeBody(demand: Demand, hint: unknown): Shape {
  for (const trusting of [true, false]) {
    try {
      const shape = shapeValue(demand, { at: '$', hint, loose: false, trusting, above: [] })
      if (meets(demand, shape.example)) return shape
    } catch (error) {
      if (!trusting || !(error instanceof Unsayable)) throw error
    }
  }
  throw new Unsayable('no example can be derived that conforms to its schema and its envelope')
}

/** The same schemas are asked for again and again. */
function remember(valueAt: SchemaText['valueAt']): SchemaText['valueAt'] {
  const known = new Map<Pointer, unknown>()
  return (pointer) => {
    if (!known.has(pointer)) known.set(pointer, valueAt(pointer))
    return known.get(pointer)
  }
}

function saysNothing({ text, pointer }: Clause): boolean {
  const schema = text.valueAt(pointer)
  return schema === true || (typeof schema === 'object' && Object.keys(schema ?? {}).length === 0)
}

function envelopeText({ source, schemas }: Envelope): SchemaText {
  return {
    name: 'envelope',
    schemas,
    valueAt: (pointer) => lookUp(source.value, splitPointer(pointer)),
    resolveRef: (ref) => decodeURIComponent(ref.replace(/^#/, '')),
  }
}
