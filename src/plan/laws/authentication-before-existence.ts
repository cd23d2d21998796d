import { isProtected, pathToNothing, type Step } from '../script.ts'
import type { Law } from './law.ts'
import { ownPath, refusals } from './parts.ts'

const uses = [
  { use: 'none', words: 'without credential' },
  { use: 'unknown', words: 'with an unknown credential' },
]

/** Who is not let in learns nothing of what exists: the same answer for a known and an unknown id. */
export const authenticationBeforeExistence: Law = {
  id: 'authentication-before-existence',
  statement: 'who is not let in does not learn which ids exist',
  proves:
    'What cannot exist and a resource of our own are asked for without a credential and with an unknown one; both answers must have the same status, media type and members. Another status than 401 is filed at 401.',
  source: 'the documented 401 (RFC 9110, section 15.5.2; CWE-204)',
  example: {
    expected: '401 application/json {error: string, success: boolean}',
    received: '401 application/json {error: string, owner: string, success: boolean}',
  },
  cure: 'look at the credential before anything else, and make its refusal in one place.',
  statuses: ['401'],

  applies: (facts) =>
    isProtected(facts.operation) &&
    ownPath(facts) !== undefined &&
    refusals(facts.operation, 401).length > 0,

  scripts(facts) {
    const { operation } = facts
    const places = [
      { name: 'on what does not exist', path: pathToNothing(operation) },
      { name: 'on a resource of our own', path: ownPath(facts) ?? {} },
    ]
    return [
      {
        id: `${operation.id}/authentication-before-existence`,
        given: [{ name: 'existing', role: 'existing', operation }],
        steps: uses.flatMap(({ use, words }) =>
          places.map(
            ({ name, path }): Step => ({
              name: `${words}, ${name}`,
              operation,
              path,
              use: { kind: 'altered', alteration: use },
              expect: refusals(operation, 401),
              because: 'the credential is refused, whatever it asks for',
            }),
          ),
        ),
        claims: uses.map(({ words }) => ({
          kind: 'same-answer',
          steps: [`${words}, ${places[0]?.name}`, `${words}, ${places[1]?.name}`],
          because: `what does not exist is answered so ${words}`,
        })),
        effect: {
          sound: 'is refused',
          broken: 'acts on a resource that Assay made',
          touchesOthers: false,
        },
      },
    ]
  },
}
