import { lookUp, splitPointer } from '../document/index.ts'
import type { Text } from '../exchange/index.ts'
import { type Recipe, Secret } from '../target/index.ts'

export type Values = Readonly<Record<string, Text>>

/** Which answered values are no secret: those that fill a path. The rest is taken for credentials. */
export type Naming = { readonly given: string; readonly plain: ReadonlySet<string> }

/** Takes every member of what a state URL answered. */
export function readAll(answer: unknown, naming: Naming): Values {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return {}
  return Object.fromEntries(
    Object.entries(answer).flatMap(([name, value]) => entry(name, value, naming)),
  )
}

/** Takes what a recipe wants of an answer. */
export function readWanted(
  answer: unknown,
  wanted: Readonly<Record<string, string>>,
  naming: Naming,
): Values {
  return Object.fromEntries(
    Object.entries(wanted).flatMap(([name, pointer]) =>
      entry(name, lookUp(answer, splitPointer(pointer)), naming),
    ),
  )
}

/** What a list says about something that was made under one of these names, or why it says nothing. */
export type Found =
  | { readonly kind: 'found'; readonly values: readonly Values[] }
  | { readonly kind: 'gone' }
  | { readonly kind: 'unreadable'; readonly reason: string }

/** Looks in an answered list for everything that has exactly the name that was chosen for it. */
export function findByName(
  answer: unknown,
  { items, name, values: wanted }: NonNullable<Recipe['find']>,
  names: readonly string[],
): Found {
  const list = lookUp(answer, splitPointer(items))
  if (!Array.isArray(list)) {
    return { kind: 'unreadable', reason: `there is no list at ${JSON.stringify(items)}` }
  }
  const found = list
    .filter((each) => {
      const text = lookUp(each, splitPointer(name))
      return typeof text === 'string' && names.includes(text)
    })
    .map((item) => readWanted(item, wanted, { given: '', plain: new Set(Object.keys(wanted)) }))
  if (found.length === 0) return { kind: 'gone' }
  const missing = Object.keys(wanted).find((key) =>
    found.some((values) => !Object.hasOwn(values, key)),
  )
  if (missing === undefined) return { kind: 'found', values: found }
  return { kind: 'unreadable', reason: `it stands in the list without its "${missing}"` }
}

/**
 * Whether an answered list shows that values are not those of what was made under one of these names:
 * it has them under another name, or the name with other values.
 */
export function contradicts(
  answer: unknown,
  { items, name, values: wanted }: NonNullable<Recipe['find']>,
  names: readonly string[],
  values: Values,
): boolean {
  const list = lookUp(answer, splitPointer(items))
  if (!Array.isArray(list)) return false
  const plain = new Set(Object.keys(wanted))
  return list.some((item) => {
    const found = Object.entries(readWanted(item, wanted, { given: '', plain }))
    const known = found.filter(([key]) => Object.hasOwn(values, key))
    const isSame = known.length > 0 && known.every(([key, value]) => values[key] === value)
    const text = lookUp(item, splitPointer(name))
    const isOurs = typeof text === 'string' && names.includes(text)
    return known.length > 0 && isSame !== isOurs
  })
}

function entry(name: string, value: unknown, { given, plain }: Naming): [string, Text][] {
  if (typeof value !== 'string' && typeof value !== 'number') return []
  const text = String(value)
  return [[name, plain.has(name) ? text : new Secret(`{${given}.${name}}`, text)]]
}
