import { isSafe, pathToNothing, type Script, type Step } from '../script.ts'
import { type AwkwardFamily, type AwkwardId, awkwardFamilies } from './awkward-list.ts'
import type { Facts, Law } from './law.ts'
import { absences, idParameter, ordinary, ownPath, survives, withId, witnessOf } from './parts.ts'

/**
 * An id is text: whatever stands there, it is answered as an id that names nothing.
 *
 * Each family begins with an ordinary id, so that what is wrong with all of them is said at its cell.
 */
export const anyIdIsAnswered: Law = {
  id: 'any-id-is-answered',
  statement: 'an awkward id is answered like any other that names nothing',
  proves:
    'Ids that are odd in their characters, encoding, length or meaning are asked for. An undocumented 4XX is `should`; to fail inside, to succeed or not to answer is `must`. Off class `disposable`, none has a slash, a wildcard, quotes, SQL or shell text, and a deleting operation gets none over 64 characters and none that may be read as a number.',
  source:
    'the path parameter, which takes text (OpenAPI 3.1, section 4.8.12; RFC 3986, section 3.3)',
  example: {
    expected: '404, because the id is "%00"',
    received: '500 Internal Server Error',
  },
  cure: 'look the id up as text, never as a part of a query or a path; document the 400 that malformed ids get.',
  statuses: ['404'],

  applies: ({ operation, roles }) =>
    (roles.existing !== undefined || roles.absent !== undefined) &&
    idParameter(operation) !== undefined &&
    (['GET', 'HEAD', 'DELETE'].includes(operation.method) ||
      (operation.requestBody === undefined && absences(operation).length > 0)),

  scripts: (facts) => awkwardFamilies.map((family) => script(facts, family)),
}

function script(facts: Facts, family: AwkwardFamily): Script {
  const { operation } = facts
  const own = ownPath(facts)
  const parents = Object.keys(own ?? {}).length > 1
  const path = parents && own !== undefined ? own : pathToNothing(operation)
  const watched = family.wide === true && own !== undefined && witnessOf(facts) !== undefined
  const expect = whatMayCome(facts)
  const common = ordinary(facts)
  const id = idParameter(operation) ?? ''
  return {
    id: `${operation.id}/any-id-is-answered/${family.name}`,
    given:
      watched || path === own
        ? [{ name: 'existing', role: 'existing', operation, optional: path !== own }]
        : [],
    steps: [
      { ...common, path: withId(facts, path, { kind: 'absent', parameter: id }) },
      ...family.ids.map((awkward) => onAwkward(facts, { family, awkward, path, expect })),
      ...(watched
        ? [
            survives(facts, 'what was not named survived', {
              because: 'only ids that name nothing were asked for',
            }),
          ]
        : []),
    ],
    effect: {
      sound: watched ? 'finds nothing, then acts on a resource that Assay made' : 'finds nothing',
      broken: family.wide === true ? 'acts on whatever the id is taken for' : 'acts on nothing',
      touchesOthers: false,
    },
  }
}

type Awkward = {
  readonly family: AwkwardFamily
  readonly awkward: AwkwardId
  readonly path: Step['path']
  readonly expect: readonly string[]
}

function onAwkward(facts: Facts, { family, awkward, path, expect }: Awkward): Step {
  const { operation } = facts
  const { wire, words } = awkward
  const because = `the id is ${words ?? `"${wire}"`}`
  const mayBe = isSafe(operation.method) || expect.includes('2XX') ? ['2XX', '404', '410'] : []
  return {
    name: `id ${words ?? wire}`,
    operation,
    path: withId(facts, path, { kind: 'raw', text: wire }),
    use: { kind: 'configured' },
    expect,
    because,
    allows: ['429', ...mayBe, ...(family.allows ?? [])],
    frownsOn: { statuses: ['3XX', '4XX'], because },
    refutes: { statuses: ['5XX', ...(mayBe.length > 0 ? [] : ['2XX'])], because },
    mustAnswer: true,
    ...(family.elsewhere === true ? { elsewhere: true } : {}),
  }
}

/** Every documented 4XX; where none says that nothing is there, a success too. */
function whatMayCome(facts: Facts): readonly string[] {
  const { expect } = ordinary(facts)
  const documented = facts.operation.responses.map(({ status }) => status)
  return [...new Set([...expect, ...documented.filter((status) => status.startsWith('4'))])]
}
