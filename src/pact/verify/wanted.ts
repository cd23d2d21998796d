import type { Category, Content, PactRequest } from '../pact.ts'

/** A value of a provider state that a generator puts into a request or an answer. */
export type Wanted = {
  readonly name: string
  readonly category: Category
  /** The header or query parameter, in lower case; empty elsewhere. */
  readonly at: string
  /** Whether it is all that stands there. */
  readonly whole: boolean
}

/** Lists the values that the generators of a content want (Pact specification 3, "Generators"). */
export function wantedValues({ generators }: Content): readonly Wanted[] {
  return generators
    .filter(({ type }) => type === 'ProviderState')
    .flatMap(({ category, at: [first], settings }) => {
      const at = first?.kind === 'name' ? first.name.toLowerCase() : ''
      const expression = String(settings.expression ?? '')
      return namesIn(expression).map((name) => ({
        name,
        category,
        at: category === 'body' ? '' : at,
        whole: expression === name || expression === `\${${name}}`,
      }))
    })
}

/** The path with `${value}` where a provider state fills it; as it is written where none does. */
export function pathExpression({ path, generators }: PactRequest): string {
  const generator = generators.find(
    ({ type, category }) => type === 'ProviderState' && category === 'path',
  )
  const expression = generator?.settings.expression
  if (typeof expression !== 'string') return path
  return expression.includes('${') ? expression : `\${${expression}}`
}

/** The names of the values in a text that holds `${name}`; a text without is itself a name. */
export function namesIn(expression: string): readonly string[] {
  const names = [...expression.matchAll(/\$\{([^{}]+)\}/g)].map(([, name = '']) => name)
  return names.length === 0 ? [expression] : names
}
