import type { Content, PactRequest, PactResponse, PactVersion } from './pact.ts'
import { readBody } from './read-body.ts'
import { readGenerators, readRules } from './read-rules.ts'
import { invalid, isObject, itemsOf, memberAt, membersOf, type Spot, textOf } from './shape.ts'

type Pairs = readonly (readonly [name: string, value: string])[]

/** Reads the request of an HTTP interaction. Throws PACT_INVALID. */
export function readRequest(spot: Spot, version: PactVersion): PactRequest {
  expectObject(spot)
  return {
    method: textOf(memberAt(spot, 'method')).toUpperCase(),
    path: textOf(memberAt(spot, 'path')),
    query: readQuery(memberAt(spot, 'query')),
    ...readContent(spot, version),
  }
}

/** Reads the response of an HTTP interaction. Throws PACT_INVALID. */
export function readResponse(spot: Spot, version: PactVersion): PactResponse {
  expectObject(spot)
  const status = memberAt(spot, 'status')
  const code = typeof status.value === 'string' ? Number(status.value) : status.value
  if (typeof code !== 'number' || !Number.isInteger(code) || code < 100 || code > 599)
    throw invalid(status, 'a status code')
  return { status: code, ...readContent(spot, version) }
}

function readContent(spot: Spot, version: PactVersion): Content {
  const headers = readHeaders(memberAt(spot, 'headers'))
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1]
  return {
    headers,
    body: readBody(memberAt(spot, 'body'), type, version),
    rules: readRules(memberAt(spot, 'matchingRules')),
    generators: readGenerators(memberAt(spot, 'generators')),
    pointer: spot.pointer,
  }
}

function expectObject(spot: Spot): void {
  if (!isObject(spot.value)) throw invalid(spot, 'an object')
}

function readHeaders(spot: Spot): Pairs {
  return membersOf(spot).flatMap((member) =>
    valuesOf(member).map((each) => [member.name, scalarOf(each)] as const),
  )
}

/** Version 2 writes a query as one text, later versions as names with lists of values. */
function readQuery(spot: Spot): Pairs {
  if (typeof spot.value === 'string') return splitQuery(spot.value)
  return membersOf(spot).flatMap((member) =>
    valuesOf(member).map((each) => [member.name, scalarOf(each)] as const),
  )
}

function valuesOf(member: Spot): readonly Spot[] {
  return Array.isArray(member.value) ? itemsOf(member) : [member]
}

function scalarOf(spot: Spot): string {
  const { value } = spot
  if (value === null) return ''
  if (typeof value === 'object' || value === undefined) throw invalid(spot, 'a string')
  return String(value)
}

/** A `+` is a space, as in a form (Pact specification 2, "Query strings"). */
function splitQuery(text: string): Pairs {
  return text
    .replace(/^\?/, '')
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const [name = '', ...rest] = part.split('=')
      return [decode(name), decode(rest.join('='))] as const
    })
}

function decode(text: string): string {
  const spaced = text.replaceAll('+', ' ')
  try {
    return decodeURIComponent(spaced)
  } catch {
    return spaced
  }
}
