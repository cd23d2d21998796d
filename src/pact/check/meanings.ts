import { joinPointer, lookUp, splitPointer } from '../../document/index.ts'
import type { Validate, Violation } from '../../schema/index.ts'

/**
 * Judges a text, or lists and objects of texts, by a schema, where a text may also mean a number,
 * true, false or null: outside JSON nothing tells them apart.
 *
 * @param shapes what the text may be, the likeliest first
 * @returns what the reading that comes nearest violates; nothing where one conforms
 */
export function judgeMeanings(
  shapes: readonly unknown[],
  validate: Validate,
): readonly Violation[] {
  const readings = shapes.flatMap((shape) => [shape, guess(shape), adapted(shape, validate)])
  const judged = readings.map((reading) => validate(reading))
  if (judged.some((violations) => violations.length === 0)) return []
  const near = judged.filter((violations) => !violations.some(isOfOtherType))
  const [nearest] = (near.length > 0 ? near : judged).toSorted((a, b) => a.length - b.length)
  return nearest ?? []
}

function isOfOtherType({ instance, keyword }: Violation): boolean {
  return instance === '' && keyword === 'type'
}

/** Reads every text as what it looks like. */
function guess(value: unknown): unknown {
  if (typeof value === 'string') return guessText(value)
  if (Array.isArray(value)) return value.map(guess)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, guess(child)]))
}

function guessText(text: string): unknown {
  if (/^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text)) return Number(text)
  if (text === 'true' || text === 'false') return text === 'true'
  return text === 'null' || text === '' ? null : text
}

/** Reads only those texts otherwise of which the schema says that they have the wrong type. */
function adapted(value: unknown, validate: Validate): unknown {
  const wrong = validate(value).filter(({ keyword }) => keyword === 'type')
  return wrong.reduce((whole, { instance }) => {
    const at = splitPointer(instance)
    return replaceAt(whole, at, guess(lookUp(whole, at)))
  }, value)
}

/** A copy of a value with another one at a place that exists. */
export function replaceAt(
  whole: unknown,
  [first, ...rest]: readonly string[],
  value: unknown,
): unknown {
  if (first === undefined) return value
  if (Array.isArray(whole))
    return whole.map((item, index) =>
      String(index) === first ? replaceAt(item, rest, value) : item,
    )
  if (typeof whole !== 'object' || whole === null) return whole
  return Object.fromEntries(
    Object.entries(whole).map(([name, child]) => [
      name,
      name === first ? replaceAt(child, rest, value) : child,
    ]),
  )
}

/** Whether a schema takes values of one type and no others. */
export function takesOnly(validate: Validate, type: 'object' | 'array'): boolean {
  const takes = (value: unknown) => !validate(value).some(isOfOtherType)
  return type === 'object'
    ? takes({}) && !takes('') && !takes([])
    : takes([]) && !takes('') && !takes({})
}

/** Names the place of a violation within a value. */
export function placeIn(name: string, { instance }: Violation): string {
  return joinPointer('', name) + instance
}
