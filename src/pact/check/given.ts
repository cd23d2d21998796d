import { joinPointer, type Parameter } from '../../document/index.ts'
import type { Match } from './evidence.ts'
import { takesOnly } from './meanings.ts'
import { replacedIn } from './replaced.ts'
import { gather, readDeepObject, readSerialized } from './serialized.ts'

/** A parameter of an operation as one request gives it. */
export type GivenParameter = { readonly parameter: Parameter; readonly at: string } & (
  | { readonly kind: 'absent' }
  /** A provider state puts the value in: only that it is there is known. */
  | { readonly kind: 'open' }
  | { readonly kind: 'misspelt'; readonly texts: readonly string[]; readonly wanted: string }
  | {
      readonly kind: 'given'
      readonly texts: readonly string[]
      readonly shapes: readonly unknown[]
    }
)

type Pairs = readonly (readonly [name: string, value: string])[]

/** Finds what a request gives for each parameter of its operation. */
export function givenParameters(match: Match): readonly GivenParameter[] {
  return match.operation.parameters.map((parameter) => {
    switch (parameter.in) {
      case 'path':
        return inPath(match, parameter)
      case 'query':
        return inQuery(match, parameter)
      case 'header':
        return inHeader(match, parameter)
      default:
        return inCookie(match, parameter)
    }
  })
}

/** The query of a request without what belongs to a parameter of the operation. */
export function leftoverQuery({ operation, interaction, promises }: Match): Pairs {
  const parameters = operation.parameters.filter((each) => each.in === 'query')
  if (parameters.some((each) => isExploded(each, promises))) return []
  return withoutNamed(interaction.request.query, parameters)
}

function withoutNamed(query: Pairs, parameters: readonly Parameter[]): Pairs {
  return query.filter(
    ([name]) =>
      !parameters.some(
        (each) =>
          name === each.name || (each.style === 'deepObject' && name.startsWith(`${each.name}[`)),
      ),
  )
}

function inPath({ values, path, interaction }: Match, parameter: Parameter): GivenParameter {
  const at = `${interaction.request.pointer}/path`
  const value = values.get(parameter.name)
  if (value === undefined) return { kind: 'absent', parameter, at }
  if (path.isOpen(value.fromEnd)) return { kind: 'open', parameter, at }
  return given(parameter, [value.text], at)
}

function inQuery(match: Match, parameter: Parameter): GivenParameter {
  const { request } = match.interaction
  const { name } = parameter
  const at = joinPointer(`${request.pointer}/query`, name)
  if (replacedIn(request).named('query', name)) return { kind: 'open', parameter, at }
  if (parameter.style === 'deepObject') {
    const own = request.query.filter(([key]) => key.startsWith(`${name}[`))
    if (own.length > 0)
      return {
        kind: 'given',
        parameter,
        at: joinPointer(`${request.pointer}/query`, own[0]?.[0] ?? name),
        texts: own.map(([key, value]) => `${key}=${value}`),
        shapes: [readDeepObject(name, request.query)],
      }
  }
  const texts = request.query.filter(([key]) => key === name).map(([, value]) => value)
  if (texts.length > 0) {
    if (parameter.style !== 'deepObject') return given(parameter, texts, at)
    return { kind: 'misspelt', parameter, at, texts, wanted: `${name}[member]=value` }
  }
  if (!isExploded(parameter, match.promises)) return { kind: 'absent', parameter, at }
  const others = match.operation.parameters.filter((each) => each.in === 'query')
  const rest = withoutNamed(request.query, others)
  if (rest.length === 0) return { kind: 'absent', parameter, at }
  const written = rest.map(([key, value]) => `${key}=${value}`)
  return {
    kind: 'given',
    parameter,
    at: `${request.pointer}/query`,
    texts: written,
    shapes: [gather(rest)],
  }
}

function inHeader({ interaction: { request } }: Match, parameter: Parameter): GivenParameter {
  const found = request.headers.filter(([name]) => sameName(name, parameter.name))
  const at = joinPointer(`${request.pointer}/headers`, found[0]?.[0] ?? parameter.name)
  if (replacedIn(request).named('header', parameter.name)) return { kind: 'open', parameter, at }
  if (found.length === 0) return { kind: 'absent', parameter, at }
  return given(
    parameter,
    found.map(([, value]) => value),
    at,
  )
}

function inCookie({ interaction: { request } }: Match, parameter: Parameter): GivenParameter {
  const header = request.headers.find(([name]) => sameName(name, 'cookie'))
  const at = joinPointer(`${request.pointer}/headers`, header?.[0] ?? 'Cookie')
  if (replacedIn(request).named('header', 'cookie')) return { kind: 'open', parameter, at }
  const own = readCookies(request.headers).filter(([name]) => name === parameter.name)
  if (own.length === 0) return { kind: 'absent', parameter, at }
  return given(
    parameter,
    own.map(([, value]) => value),
    at,
  )
}

/** The cookies of a request (RFC 6265, section 4.2.1). */
export function readCookies(headers: Pairs): Pairs {
  return headers
    .filter(([name]) => sameName(name, 'cookie'))
    .flatMap(([, value]) => value.split(';'))
    .map((pair) => /^\s*([^=]+)=(.*?)\s*$/s.exec(pair))
    .flatMap((found) => (found === null ? [] : [[found[1] ?? '', found[2] ?? ''] as const]))
}

function given(parameter: Parameter, texts: readonly string[], at: string): GivenParameter {
  const shapes = readSerialized(parameter, texts)
  return 'wanted' in shapes
    ? { kind: 'misspelt', parameter, at, texts, wanted: shapes.wanted }
    : { kind: 'given', parameter, at, texts, shapes }
}

/** Whether the members of an object stand in a query by themselves (style `form`, exploded). */
function isExploded(parameter: Parameter, { request }: Match['promises']): boolean {
  const { schema, style = 'form', explode = style === 'form' } = parameter
  if (style !== 'form' || !explode || schema === undefined || parameter.in !== 'query') return false
  return takesOnly(request.validator(schema), 'object')
}

function sameName(first: string, second: string): boolean {
  return first.toLowerCase() === second.toLowerCase()
}
