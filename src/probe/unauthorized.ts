import type { CredentialUse, Script, Step } from '../plan/index.ts'
import { pathFromGiven, pathToNothing } from '../plan/index.ts'
import { credentialFamily } from './credential-family.ts'
import { absentPath, type Ground, isSafe, needsCredential, type Provocation } from './ground.ts'

/**
 * 401: each member of the credential family, first on what cannot exist, then on a resource of our
 * own, which must survive it (RFC 9110, section 15.5.2).
 */
export function unauthorizedScripts(ground: Ground): Provocation {
  const needed = needsCredential(ground)
  if (needed !== true) return needed
  const { operation, roles } = ground
  if (operation.parameters.some(({ in: place }) => place === 'path')) {
    const absent = absentPath(ground)
    if (absent !== true) return absent
  } else if (!isSafe(operation.method)) {
    return {
      reason: 'without a path parameter, a request let in by mistake would act on what is not ours',
    }
  }
  const key = roles.existing?.credential
  const family = credentialFamily.map((alteration) =>
    script(ground, alteration.id, alteration.because, {
      kind: 'altered',
      alteration: alteration.id,
      ...(key === undefined || alteration.id === 'unknown'
        ? {}
        : { of: { given: 'existing', value: key } }),
    }),
  )
  const refused = roles.refused
  if (refused?.credential === undefined) return family
  const use = { kind: 'given', given: 'refused', value: refused.credential } as const
  const revoked = script(ground, 'revoked', 'the credential was revoked', use)
  return [
    ...family,
    { ...revoked, given: [{ name: 'refused', role: 'refused', operation }, ...revoked.given] },
  ]
}

function script(ground: Ground, member: string, because: string, use: CredentialUse): Script {
  const { operation, roles, status } = ground
  const existing = roles.existing
  const refuse = { operation, use, expect: [status], because } as const
  const own = pathFromGiven(operation, 'existing', existing?.path ?? {})
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
      },
    },
  ]
  return {
    id: `${operation.id}/${status}/${member}`,
    given:
      existing === undefined
        ? []
        : [{ name: 'existing', role: 'existing', operation, optional: true }],
    steps: [
      { ...refuse, name: `${member}: on what does not exist`, path: pathToNothing(operation) },
      ...(existing === undefined ? [] : onOwn),
    ],
    effect: {
      sound:
        existing === undefined
          ? 'is refused'
          : 'is refused, then deletes a resource that Assay made',
      broken: existing === undefined ? 'acts on nothing' : 'acts on a resource that Assay made',
      touchesOthers: false,
    },
  }
}
