import type { Operation, Parameter } from '../../document/index.ts'
import type { Given, Hole, Step } from '../../plan/index.ts'
import {
  credentialPlace,
  findAbsent,
  frameOf,
  randomFor,
  roleOf,
  spellingAt,
} from '../../probe/index.ts'
import type { Role, Suite } from '../../target/index.ts'
import { essence } from '../../verdict/index.ts'
import type { Clause, SchemaText } from './clauses.ts'
import { mediaOf, type WrittenBody } from './response.ts'
import { Unsayable } from './rules.ts'
import { shapeValue } from './shape.ts'

/** A text of a request; with an expression, the provider states give what stands in its place. */
export type WrittenText = { readonly example: string; readonly expression?: string }

/** The request of an interaction. */
export type WrittenRequest = {
  readonly method: string
  readonly path: WrittenText
  readonly query: readonly (readonly [name: string, value: WrittenText])[]
  readonly headers: readonly (readonly [name: string, value: WrittenText])[]
  readonly body?: WrittenBody
}

export type RequestContext = {
  /** The states that the interaction is made in. */
  readonly given: readonly Given[]
  readonly suite: Suite
  /** The text of the document. */
  readonly text: SchemaText
}

/**
 * Writes the request of a step: the same that a run would send, with expressions for provider state
 * values where a run fills in real ones.
 *
 * @throws Unsayable where the credential cannot be written as an expression
 */
export function writeRequest(step: Step, context: RequestContext): WrittenRequest {
  const { operation } = step
  const input = frameOf(operation)
  const { place } = input
  const credential = place && writeCredential(step, context)
  const at = (where: 'header' | 'query' | 'cookie'): readonly (readonly [string, WrittenText])[] =>
    place?.in === where && credential !== undefined ? [[place.name, credential]] : []
  const cookies = [...at('cookie'), ...input.cookies.map(plain)]
  const accept = acceptable(operation)
  return {
    method: operation.method,
    path: writePath(step, context),
    query: [...input.query.map(plain), ...at('query')],
    headers: [
      ...(accept === '' ? [] : [['Accept', { example: accept }] as const]),
      ...input.headers.map(plain),
      ...at('header'),
      ...(cookies.length === 0 ? [] : [['Cookie', joinCookies(cookies)] as const]),
    ],
    ...(input.body === undefined
      ? {}
      : { body: { value: input.body, mediaType: 'application/json' } }),
  }
}

/** The value name of the configured credential, which no state answers. */
export function configuredName(given: readonly Given[], suite: Suite): string {
  const answered = new Set(given.flatMap((each) => valuesOf(roleOf(each, suite))))
  const free = ['apiKey', 'configuredApiKey'].find((name) => !answered.has(name))
  if (free === undefined) throw new Unsayable('its states answer every name for the credential')
  return free
}

/** The values that a state is known to answer. */
export function valuesOf(role: Role | undefined): readonly string[] {
  const { path = {}, credential } = role ?? {}
  return [...Object.values(path), ...(credential === undefined ? [] : [credential])]
}

function writeCredential(
  { operation, use }: Step,
  { given, suite }: RequestContext,
): WrittenText | undefined {
  const place = credentialPlace(operation)
  if (place === undefined || use.kind === 'altered') return undefined
  const name = use.kind === 'given' ? use.value : configuredName(given, suite)
  const { write } = spellingAt(place, suite.form)
  const reference = `\${${name}}`
  const expression = write(reference)
  if (!expression.includes(reference))
    throw new Unsayable('its credential is encoded, and no expression of a pact can do that')
  const example = use.kind === 'given' ? `${use.given}-${name}` : name
  return { example: write(exampleFor(example)), expression }
}

/** The template filled twice: with examples, and with the values of the provider states. */
function writePath({ operation, path }: Step, context: RequestContext): WrittenText {
  const fill = (write: (name: string, hole: Hole | undefined) => string) =>
    operation.path.replaceAll(/\{([^{}]+)\}/g, (_, name: string) =>
      write(name, Object.hasOwn(path, name) ? path[name] : undefined),
    )
  const example = fill((name, hole) =>
    encodeURIComponent(examplePart(operation, name, hole, context)),
  )
  const expression = fill((name, hole) => {
    const value = valueFor(operation, name, hole, context)
    return value === undefined
      ? encodeURIComponent(examplePart(operation, name, hole, context))
      : `\${${value}}`
  })
  return expression === example ? { example } : { example, expression }
}

/** The provider state value that fills a hole; undefined where the document itself does. */
function valueFor(
  { id }: Operation,
  name: string,
  hole: Hole | undefined,
  { given, suite }: RequestContext,
): string | undefined {
  if (hole?.kind === 'given') return hole.value
  if (hole?.kind === 'text' || !given.some(({ role }) => role === 'absent')) return undefined
  return suite.operations[id]?.absent?.path?.[name]
}

/** Conforms to the schema of its parameter, and says what it is where that leaves room for words. */
function examplePart(
  operation: Operation,
  name: string,
  hole: Hole | undefined,
  { text }: RequestContext,
): string {
  if (hole?.kind === 'text') return hole.text
  const of = operation.parameters.find((each) => each.in === 'path' && each.name === name)
  if (of === undefined) throw new Error(`"${name}" is no path parameter of ${operation.id}`)
  const wanted = exampleFor(`${hole?.kind === 'given' ? hole.given : 'absent'}-${name}`)
  const { schema } = of
  if (schema === undefined || text.schemas.validator(schema)(wanted).length === 0) return wanted
  const made =
    hole?.kind === 'given'
      ? shapeParameter(of, { text, pointer: schema })
      : findAbsent(text, of, randomFor(1, operation.id))
  if (made === undefined) throw new Unsayable(`no example of the path parameter "${name}" is known`)
  return made
}

function shapeParameter({ name, example }: Parameter, clause: Clause): string {
  const spot = { at: `the path parameter "${name}"`, hint: example, loose: false, above: [] }
  return String(shapeValue({ clauses: [clause], choices: [] }, spot).example)
}

/** Text that everybody sees to be no real value. */
function exampleFor(name: string): string {
  return `example-${name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase()}`
}

/** The media types that the interactions of an operation are about; no other one is asked for. */
function acceptable({ responses }: Operation): string {
  const names = responses.flatMap((response) => mediaOf(response)?.name ?? [])
  return [...new Set(names.map(essence))].join(', ')
}

function plain([name, value]: readonly [string, string]): readonly [string, WrittenText] {
  return [name, { example: value }]
}

/** All cookies go into one header (RFC 6265, section 5.4). */
function joinCookies(cookies: readonly (readonly [string, WrittenText])[]): WrittenText {
  const join = (write: (text: WrittenText) => string) =>
    cookies.map(([name, text]) => `${name}=${write(text)}`).join('; ')
  const example = join((text) => text.example)
  const expression = join((text) => text.expression ?? text.example)
  return expression === example ? { example } : { example, expression }
}
