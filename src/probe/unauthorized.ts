import {
  type CredentialUse,
  deletedCredentialStopsWorking,
  isSafe,
  pathFromGiven,
  pathToNothing,
  type Script,
  type Step,
  type Until,
} from '../plan/index.ts'
import { credentialFamily } from './credential-family.ts'
import { credentialPlace, spellingAt } from './credential-place.ts'
import {
  absentPath,
  again,
  aimAt,
  type Ground,
  hasInput,
  namesSomething,
  needsCredential,
  type Provocation,
} from './ground.ts'

/**
 * 401: each member of the credential family, first on what cannot exist, then on a resource of our
 * own, which must survive it (RFC 9110, section 15.5.2).
 */
export function unauthorizedScripts(ground: Ground): Provocation {
  const { operation, roles, form } = ground
  for (const check of [needsCredential(operation), aimless(ground), hasInput(operation)]) {
    if (check !== true) return check
  }
  const place = credentialPlace(operation)
  const key = roles.existing?.credential
  const family = credentialFamily
    .filter(({ fits }) => place !== undefined && (fits?.(spellingAt(place, form)) ?? true))
    .map(({ id, because }) =>
      script(ground, id, because, {
        kind: 'altered',
        alteration: id,
        ...(key === undefined || id === 'unknown' ? {} : { of: { given: 'existing', value: key } }),
      }),
    )
  const refused = roles.refused
  if (refused?.credential === undefined) return family
  const use = { kind: 'given', given: 'refused', value: refused.credential } as const
  const { steps, ...revoked } = script(ground, 'revoked', 'the credential was revoked', use)
  return [
    ...family,
    {
      ...revoked,
      given: [{ name: 'refused', role: 'refused', operation }, ...revoked.given],
      steps: steps.map((step, index) =>
        index === 0 ? { ...step, until: untilRevoked(ground) } : step,
      ),
    },
  ]
}

/** A revoked credential may still be let in for a while; for how long is the business of a law, where there is one. */
function untilRevoked({ operation, roles }: Ground): Until {
  const before = [...(isSafe(operation.method) ? ['2XX'] : []), '404', '410']
  const isToldElsewhere = deletedCredentialStopsWorking.applies({ operation, roles, onPath: [] })
  return { within: 'revocationBudget', before, isToldElsewhere }
}

/** Whether a request can be made that acts on nothing, should it be let in by mistake; else why not. */
function aimless(ground: Ground): true | { readonly reason: string } {
  const { parameters, method } = ground.operation
  if (parameters.some(({ in: place }) => place === 'path')) return absentPath(ground)
  if (isSafe(method)) return true
  return {
    reason: 'without a path parameter, a request let in by mistake would act on what is not ours',
  }
}

function script(ground: Ground, member: string, because: string, use: CredentialUse): Script {
  const { operation, roles, status } = ground
  const refuse = { operation, use, ...aimAt(ground, 401, because) }
  const nothing = pathToNothing(operation)
  const own = pathFromGiven(operation, 'existing', roles.existing?.path ?? {})
  const hasOwn =
    Object.values(own).some(({ kind }) => kind === 'given') && namesSomething(own) === true
  const onOwn: readonly Step[] = [
    { ...refuse, name: `${member}: on a resource of our own`, path: own },
    {
      name: `${member}: the resource survived`,
      operation,
      path: own,
      use: { kind: 'configured' },
      expect: ['2XX'],
      because: 'the request before it was refused, and a refused request changes nothing',
      refutes: {
        statuses: ['404', '410'],
        because: 'the request before it was refused, and a refused request changes nothing',
        unlessHopedFails: true,
      },
    },
  ]
  const safe = isSafe(operation.method)
  const then = safe ? 'reads' : 'deletes'
  const needsKey = use.kind === 'altered' && use.of !== undefined
  return {
    id: `${operation.id}/${status}/${member}`,
    given:
      hasOwn || needsKey ? [{ name: 'existing', role: 'existing', operation, optional: true }] : [],
    steps: [
      {
        ...refuse,
        name: Object.keys(nothing).length > 0 ? `${member}: on what does not exist` : member,
        path: nothing,
        ...(member === 'none' ? { raw: true, copies: again } : {}),
      },
      ...(hasOwn ? onOwn : []),
    ],
    effect: {
      sound: hasOwn ? `is refused, then ${then} a resource that Assay made` : 'is refused',
      broken: safe ? 'reads' : hasOwn ? 'acts on a resource that Assay made' : 'acts on nothing',
      touchesOthers: false,
    },
  }
}
