import { isDeepStrictEqual } from 'node:util'
import { joinPointer, type Pointer } from '../../document/index.ts'
import { excerpt } from '../../schema/index.ts'

/** So many differences of one interaction are told. */
const most = 12

type Members = Readonly<Record<string, unknown>>

/**
 * Says for people in what a committed pact differs from the one that would be written now, one line
 * for each interaction that is new, gone or changed, with the changed values below it.
 *
 * Empty where they are the same to the byte.
 */
export function comparePacts(committed: string, written: string): readonly string[] {
  if (committed === written) return []
  const before = parse(committed)
  const after = parse(written)
  if (before === undefined) return ['it is no JSON']
  const old = interactionsOf(before)
  const lines = [...interactionsOf(after)].flatMap(([name, interaction]) => {
    const known = old.get(name)
    if (known === undefined) return [`+ ${name}`]
    const changes = differences(known, interaction)
    if (changes.length === 0) return []
    const more = changes.length - most
    return [
      `~ ${name}`,
      ...changes.slice(0, most).map((change) => `    ${change}`),
      ...(more > 0 ? [`    and ${more} more`] : []),
    ]
  })
  const gone = [...old.keys()].filter((name) => !interactionsOf(after).has(name))
  const rest = differences(without(before), without(after))
  const told = [...rest, ...gone.map((name) => `- ${name}`), ...lines]
  return told.length > 0 ? told : ['only its layout or the order of its interactions differs']
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Interactions by description and states, by which Pact tells them apart. */
function interactionsOf(pact: unknown): ReadonlyMap<string, unknown> {
  const list = isMembers(pact) && Array.isArray(pact.interactions) ? pact.interactions : []
  return new Map(
    list.map((each: unknown) => {
      const { description, providerStates } = isMembers(each) ? each : {}
      const states = Array.isArray(providerStates) ? providerStates : []
      const named = states.map((state: unknown) => (isMembers(state) ? state.name : ''))
      return [[String(description), ...named.map((name) => `given ${name}`)].join(', '), each]
    }),
  )
}

function without(pact: unknown): unknown {
  if (!isMembers(pact)) return pact
  const { interactions: _, ...others } = pact
  return others
}

function differences(before: unknown, after: unknown, at: Pointer = ''): readonly string[] {
  if (isDeepStrictEqual(before, after)) return []
  if (isTree(before) && isTree(after) && Array.isArray(before) === Array.isArray(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)])
    return [...names].flatMap((name) =>
      differences(before[name], after[name], joinPointer(at, name)),
    )
  }
  return [`${at}: ${excerpt(before, 60)} → ${excerpt(after, 60)}`]
}

/** An object or a list. */
function isTree(value: unknown): value is Members {
  return typeof value === 'object' && value !== null
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
