import type { Parameter } from '../../../document/index.ts'
import type { Validate } from '../../../schema/index.ts'
import type { Match } from '../evidence.ts'
import { type GivenParameter, givenParameters } from '../given.ts'
import { judgeMeanings } from '../meanings.ts'
import { isMeant } from '../refusal.ts'
import type { PactComplaint, Rule } from '../rule.ts'
import { shown } from '../secret.ts'

/** Every parameter is there where it is required, written in its style, and fits its schema. */
export const parameter: Rule = {
  id: 'pact-parameter',
  level: 'must',
  proves:
    'path, query, header and cookie parameters are there where required, in their style, and fit their schemas',
  source: 'the parameters of the operation (OpenAPI 3.1, section 4.8.12)',
  example: { expected: 'query parameter "limit" to be integer', received: '"ten"' },

  run(match) {
    return givenParameters(match).flatMap((given) => judgeGiven(match, given))
  },
}

function judgeGiven(match: Match, given: GivenParameter): readonly PactComplaint[] {
  const { parameter, at } = given
  const { status } = match.interaction.response
  const label = `${parameter.in} parameter "${parameter.name}"`
  const promised = parameter.pointer
  if (given.kind === 'absent') {
    if (!parameter.required || isMeant('absence', status)) return []
    return [{ expected: `${label}, which is required`, received: 'none', promised, at }]
  }
  if (given.kind === 'open') return []
  if (isMeant('parameter', status) || (parameter.in === 'path' && isMeant('path', status)))
    return []
  const received = shown(parameter.name, given.texts.join(', '))
  if (given.kind === 'misspelt')
    return [{ expected: `${label} to be written as ${given.wanted}`, received, promised, at }]
  if (given.texts.join('') === '' && allowsEmpty(match, parameter)) return []
  const read = validatorOf(match, parameter)
  if (read === undefined) return []
  const violations = read.isJson
    ? read.validate(parse(given.texts.join(',')))
    : judgeMeanings(given.shapes, read.validate)
  return violations.map((violation) => ({
    expected: `${label} to be ${violation.expected}${inside(violation.instance)}`,
    received,
    promised: violation.schema,
    at,
  }))
}

/** The schema of a parameter; of its media type where it is written in one. */
function validatorOf(
  { promises }: Match,
  { schema, content = [] }: Parameter,
): { readonly validate: Validate; readonly isJson: boolean } | undefined {
  const [media] = content
  const pointer = schema ?? media?.schema
  if (pointer === undefined) return undefined
  const isJson = schema === undefined && /[/+]json\b/i.test(media?.name ?? '')
  return { validate: promises.request.validator(pointer), isJson }
}

function allowsEmpty({ promises }: Match, { pointer, in: place }: Parameter): boolean {
  return place === 'query' && promises.document.valueAt(`${pointer}/allowEmptyValue`) === true
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function inside(instance: string): string {
  return instance === '' ? '' : ` at ${instance}`
}
