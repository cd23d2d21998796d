import { requireJson, type Source } from '../document/index.ts'
import { AssayError, formatPosition } from '../errors.ts'
import type { Interaction, Message, Pact, PactVersion, ProviderState } from './pact.ts'
import { readRequest, readResponse } from './read-http.ts'
import { readVersion } from './read-version.ts'
import { invalid, isObject, itemsOf, type Members, memberAt, type Spot, textOf } from './shape.ts'

/**
 * Reads a pact of the versions 1 to 4, by whoever wrote it.
 *
 * @throws AssayError SOURCE_SYNTAX where it is no JSON, PACT_NOT_A_PACT, PACT_VERSION_UNSUPPORTED,
 * PACT_NO_INTERACTIONS, PACT_INTERACTION_DUPLICATE, PACT_INVALID; each with the place
 */
export function readPact(source: Source): Pact {
  requireJson(source)
  const root: Spot = { source, pointer: '', value: source.value }
  refuseOther(root)
  const version = readVersion(root)
  refuseTerms(root)
  const consumer = textOf(memberAt(memberAt(root, 'consumer'), 'name'))
  const provider = textOf(memberAt(memberAt(root, 'provider'), 'name'))
  const spots = itemsOf(memberAt(root, 'interactions'))
  const messages = [
    ...spots.filter(isMessage).map((spot) => readMessage(spot, typeOf(spot))),
    ...itemsOf(memberAt(root, 'messages')).map((spot) => readMessage(spot, messageType)),
  ]
  const interactions = spots
    .filter((spot) => !isMessage(spot))
    .map((spot) => readInteraction(spot, version))
  if (interactions.length === 0) throw without(root, messages)
  checkDuplicates(source, interactions)
  return { name: source.name, consumer, provider, version, interactions, messages, source }
}

const messageType = 'Asynchronous/Messages'

function refuseOther({ source, value }: Spot): void {
  const isPact =
    isObject(value) &&
    isObject(value.consumer) &&
    isObject(value.provider) &&
    (Object.hasOwn(value, 'interactions') || Object.hasOwn(value, 'messages'))
  if (isPact) return
  throw new AssayError('PACT_NOT_A_PACT', 'expected a pact, received other JSON', {
    at: source.positionOf(''),
    hint: 'a pact is an object with "consumer", "provider" and "interactions"',
  })
}

/** Version 1 of the Ruby library wrote its matchers into the values, where nobody else can read them. */
function refuseTerms({ source }: Spot): void {
  const offset = source.text.search(/"json_class"\s*:\s*"Pact::/)
  if (offset === -1) return
  throw new AssayError('PACT_INVALID', 'the pact holds matchers of the Ruby library as values', {
    at: source.positionOf('/interactions'),
    hint: 'write it again as version 2 or later',
  })
}

/** Version 4 names the type of an interaction; one that names none is HTTP. */
function typeOf({ value }: Spot): string {
  const type = isObject(value) ? value.type : undefined
  return typeof type === 'string' ? type : 'Synchronous/HTTP'
}

function isMessage(spot: Spot): boolean {
  const type = typeOf(spot)
  if (type === 'Synchronous/HTTP') return false
  if (/^(As|S)ynchronous\/Messages$/.test(type)) return true
  throw invalid(memberAt(spot, 'type'), 'Synchronous/HTTP or a type of messages')
}

function readMessage(spot: Spot, type: string): Message {
  return { description: textOf(memberAt(spot, 'description')), type, pointer: spot.pointer }
}

function readInteraction(spot: Spot, version: PactVersion): Interaction {
  if (!isObject(spot.value)) throw invalid(spot, 'an object')
  return {
    description: textOf(memberAt(spot, 'description')),
    states: readStates(spot),
    request: readRequest(memberAt(spot, 'request'), version),
    response: readResponse(memberAt(spot, 'response'), version),
    pointer: spot.pointer,
    raw: spot.value,
  }
}

/** One state as a text up to version 2, with its two spellings; a list of them from version 3. */
function readStates(spot: Spot): readonly ProviderState[] {
  const list = memberAt(spot, 'providerStates')
  if (Array.isArray(list.value)) return itemsOf(list).map(readState)
  const single = [list, memberAt(spot, 'providerState'), memberAt(spot, 'provider_state')].find(
    ({ value }) => value !== undefined && value !== null,
  )
  return single === undefined ? [] : [readState(single)]
}

function readState(spot: Spot): ProviderState {
  if (typeof spot.value === 'string') return { name: spot.value, params: {} }
  const name = textOf(memberAt(spot, 'name'))
  const params = memberAt(spot, 'params')
  if (params.value === undefined || params.value === null) return { name, params: {} }
  if (!isObject(params.value)) throw invalid(params, 'an object')
  return { name, params: params.value }
}

function without(root: Spot, messages: readonly Message[]): AssayError {
  const received = messages.length === 0 ? 'none' : 'messages only, which are not HTTP'
  return new AssayError(
    'PACT_NO_INTERACTIONS',
    `expected at least one HTTP interaction, received ${received}`,
    { at: root.source.positionOf(messages.length === 0 ? '/interactions' : '') },
  )
}

/** The verifier tells interactions apart by these two; of equal ones all but one are lost. */
function checkDuplicates(source: Source, interactions: readonly Interaction[]): void {
  const firsts = new Map<string, Interaction>()
  for (const interaction of interactions) {
    const { description, states, pointer } = interaction
    const key = JSON.stringify([
      description,
      states.map(({ name, params }) => [name, sorted(params)]),
    ])
    const first = firsts.get(key)
    if (first !== undefined) {
      const message = `two interactions are called ${JSON.stringify(description)} in the same provider states`
      throw new AssayError('PACT_INTERACTION_DUPLICATE', message, {
        at: source.positionOf(pointer),
        hint: `rename one of them; the first stands at ${formatPosition(source.positionOf(first.pointer))}`,
      })
    }
    firsts.set(key, interaction)
  }
}

function sorted(params: Members): readonly (readonly [string, unknown])[] {
  return Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1))
}
