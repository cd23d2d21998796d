import type { Request, Text } from '../../exchange/index.ts'
import {
  credentialHeaders,
  credentialPlace,
  spellingAt,
  writeCredential,
} from '../../probe/index.ts'
import { bareKey, isSecretName, Secret, type Target } from '../../target/index.ts'
import type { DoorRequest } from './door.ts'
import { fillJson, fillText, type Hole } from './holes.ts'
import { splitPath } from './path-values.ts'
import type { Unit } from './unit.ts'
import { isCredential } from './values.ts'
import { wantedValues } from './wanted.ts'

export type RequestContext = {
  readonly unit: Unit
  readonly target: Target
  readonly holes: readonly Hole[]
  /** Values for path parameters that the pact writes out, by their names. */
  readonly replaced: ReadonlyMap<string, string>
  readonly faultHeader: boolean
}

/** Makes of what the verifier sent what the target gets: values for placeholders, the target's own headers. */
export function toRequest(came: DoorRequest, context: RequestContext): Request {
  const { target, holes } = context
  const [path = '', query] = splitOnce(came.target, '?')
  const headers = headersOf(came, context)
  return {
    method: came.method,
    baseUrl: target.baseUrl,
    path: fillPath(path, context),
    ...(query === undefined ? {} : { query: readQuery(query, context) }),
    headers,
    ...bodyOf(came, holes),
  }
}

/** Consumers write the path of a server into their paths; a base URL that ends with it has it already. */
function fillPath(path: string, { unit, target, holes, replaced }: RequestContext): string {
  const filled = String(fillText(path, holes, encodeURIComponent))
  const template = unit.expectation.operation.path
  const parts = splitPath(template, filled)
  if (parts === undefined) return filled
  const { prefix, values } = parts
  const own = template.replaceAll(/\{([^{}]+)\}/g, (_, name: string) => {
    const made = replaced.get(name)
    return made === undefined ? (values.get(name) ?? '') : encodeURIComponent(made)
  })
  const given = replaced.size === 0 ? filled.slice(prefix.length) : own
  return new URL(target.baseUrl).pathname.replace(/\/$/, '') === prefix
    ? given
    : `${prefix}${given}`
}

function readQuery(query: string, context: RequestContext): readonly (readonly [string, Text])[] {
  return query.split('&').map((pair) => {
    const [name = '', value = ''] = splitOnce(pair, '=').map(decode)
    return [name, fillText(value, credentialHoles('query', name, context))]
  })
}

/** Headers that belong to the connection with the verifier, or that `exchange` writes itself. */
const ownHeaders =
  /^(accept-encoding|connection|content-length|expect|host|keep-alive|te|transfer-encoding|upgrade|user-agent)$/i

function headersOf(came: DoorRequest, context: RequestContext): Request['headers'] {
  const { target, unit, faultHeader } = context
  const asked = came.headers
    .filter(([name]) => !ownHeaders.test(name))
    .map(([name, value]) => [name, fillHeader(name, value, context)] as const)
  const taken = new Set([
    ...asked.map(([name]) => name.toLowerCase()),
    ...credentialHeaders(unit.expectation.operation),
  ])
  return [
    ...asked,
    ...target.headers.filter(([name]) => !taken.has(name.toLowerCase())),
    ...(faultHeader && target.faultHeader !== undefined ? [target.faultHeader] : []),
  ]
}

/**
 * A credential that the pact writes out in the form that the suite states is an example of the
 * configured one, unless it is to be refused.
 */
function fillHeader(name: string, value: string, context: RequestContext): Text {
  const { unit, target, holes } = context
  const place = credentialPlace(unit.expectation.operation)
  const isPlace = place?.in === 'header' && place.name.toLowerCase() === name.toLowerCase()
  const filled = holes.filter(({ placeholder }) => value.includes(placeholder))
  const whole = filled.find((hole) => target.headers.some(([, each]) => each === hole.value))
  if (whole !== undefined) return whole.value
  if (filled.length > 0) return fillText(value, credentialHoles('header', name, context))
  if (!isPlace) return isSecretName(name) ? new Secret(`<${name}>`, value) : value
  const fits = value.startsWith(spellingAt(place, target.form).prefix)
  const shown = target.credential && writeCredential(place, target.form, target.credential)
  const given =
    shown ?? target.headers.find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1]
  const isRefused = unit.interaction.response.status === 401
  return fits && !isRefused && given !== undefined ? given : new Secret(`<${name}>`, value)
}

/** A value at the place of the credential is the bare key, or the whole credential where nothing stands beside it. */
function credentialHoles(
  category: 'header' | 'query',
  at: string,
  { unit, target, holes }: RequestContext,
): readonly Hole[] {
  const place = credentialPlace(unit.expectation.operation)
  const wanted = wantedValues(unit.interaction.request).filter(
    (each) =>
      each.category === category && each.at === at.toLowerCase() && isCredential(each, unit),
  )
  if (place === undefined || wanted.length === 0) return holes
  return holes.map((hole) => {
    const found = wanted.find(({ name }) => name === hole.name)
    if (found === undefined || !(hole.value instanceof Secret)) return hole
    const value = found.whole
      ? writeCredential(place, target.form, hole.value)
      : bareKey(target.form, hole.value)
    return { ...hole, value }
  })
}

/** JSON that holds a secret is sent part by part, so that the rest of it stays in sight. */
function bodyOf(
  { body, headers }: DoorRequest,
  holes: readonly Hole[],
): Pick<Request, 'body' | 'content'> {
  if (body.length === 0) return {}
  const text = body.toString('utf8')
  const used = holes.filter(({ placeholder }) => text.includes(placeholder))
  if (used.length === 0) return { content: body }
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
  const json = /[/+]json\b/i.test(type) ? parse(text) : undefined
  if (json !== undefined) return { body: fillJson(json, holes) }
  const isForm = /x-www-form-urlencoded/i.test(type)
  return { content: fillText(text, holes, isForm ? encodeURIComponent : undefined) }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function decode(text: string): string {
  const spaced = text.replaceAll('+', ' ')
  try {
    return decodeURIComponent(spaced)
  } catch {
    return spaced
  }
}

function splitOnce(text: string, mark: string): readonly string[] {
  const at = text.indexOf(mark)
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + mark.length)]
}
