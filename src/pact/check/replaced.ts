import type { Category, Content, PactRequest } from '../pact.ts'
import type { PathStep } from '../path-expression.ts'

/** Marks in a text what a provider state will put in place of the example. */
const hole = /\$\{[^{}]*\}/g

export type Replaced = {
  /** Whether the value at a place of a body is put in later; places within it count as well. */
  inBody(segments: readonly string[]): boolean
  /** Whether something within a place of a body is put in later. */
  withinBody(segments: readonly string[]): boolean
  /** Whether a value of that name is put in later. */
  named(category: 'query' | 'header', name: string): boolean
  /** What is known of a header beside its example: the text of its expression. */
  expression(category: 'header', name: string): string | undefined
}

/**
 * Says which values of a request or response a provider state puts in place of their examples, of
 * which nothing but their presence is known.
 */
export function replacedIn({ generators }: Content): Replaced {
  const own = generators.filter(({ type }) => type === 'ProviderState')
  const find = (category: Category, name: string) =>
    own.find(
      ({ category: other, at: [first] }) =>
        other === category && first?.kind === 'name' && sameName(category, first.name, name),
    )
  return {
    inBody: (segments) =>
      own.some(({ category, at }) => category === 'body' && leadsTo(at, segments)),
    withinBody: (segments) =>
      own.some(
        ({ category, at }) =>
          category === 'body' &&
          at.length > segments.length &&
          leadsTo(at.slice(0, segments.length), segments),
      ),
    named: (category, name) => find(category, name) !== undefined,
    expression(category, name) {
      const { expression } = find(category, name)?.settings ?? {}
      return typeof expression === 'string' ? expression : undefined
    },
  }
}

/** Whether the steps lead to a place or to something around it. */
export function leadsTo(steps: readonly PathStep[], segments: readonly string[]): boolean {
  return (
    steps.length <= segments.length && steps.every((step, index) => fits(step, segments[index]))
  )
}

function fits(step: PathStep, segment: string | undefined): boolean {
  if (step.kind === 'any') return true
  return segment === (step.kind === 'name' ? step.name : String(step.index))
}

function sameName(category: Category, first: string, second: string): boolean {
  return category === 'header' ? first.toLowerCase() === second.toLowerCase() : first === second
}

/** The path that goes over the wire as far as it is known, and which of its parts, from the end, are not. */
export type KnownPath = { readonly path: string; readonly isOpen: (fromEnd: number) => boolean }

/** Stands in a path for what only a provider state knows. */
const stand = '\u{f8ff}'

/**
 * Puts the fixed parts of a path's expression over its example: they are what will be sent.
 *
 * An expression of another number of parts tells nothing about any of them.
 */
export function knownPath({ path, generators }: PactRequest): KnownPath {
  const generator = generators.find(
    ({ category, type }) => category === 'path' && type === 'ProviderState',
  )
  const expression = generator?.settings.expression
  if (typeof expression !== 'string') return { path, isOpen: () => false }
  const wanted = expression.replaceAll(hole, stand).split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return { path, isOpen: () => true }
  const isHole = (index: number) => wanted[index]?.includes(stand) ?? false
  return {
    path: wanted.map((part, index) => (isHole(index) ? given[index] : part)).join('/'),
    isOpen: (fromEnd) => isHole(wanted.length - fromEnd),
  }
}
