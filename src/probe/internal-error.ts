import { isSafe, pathFromGiven, pathToNothing, type Script, type Step } from '../plan/index.ts'
import {
  absentPath,
  aimAt,
  type Ground,
  hasInput,
  namesSomething,
  type Provocation,
} from './ground.ts'

/** 5XX: only through a seam that the target declares: a fault header, or a fault state (RFC 9110, section 15.6). */
export function internalErrorScripts(ground: Ground): Provocation {
  const { operation, roles, status } = ground
  const existing = roles.existing
  const path =
    existing === undefined
      ? pathToNothing(operation)
      : pathFromGiven(operation, 'existing', existing.path ?? {})
  for (const check of [harmless(ground, path), hasInput(operation)]) {
    if (check !== true) return check
  }
  const step: Step = {
    name: 'a request that is made to fail inside',
    operation,
    path,
    use: { kind: 'configured' },
    ...aimAt(ground, 500, 'the target was told to fail inside'),
  }
  const resource = existing === undefined ? [] : [{ name: 'existing', role: 'existing', operation }]
  const byHeader: Script = {
    id: `${operation.id}/${status}/fault-header`,
    given: resource,
    steps: [{ ...step, faultHeader: true, raw: true }],
    effect: {
      sound: 'fails inside, for this request only',
      broken: existing === undefined ? 'acts on nothing' : 'acts on a resource that Assay made',
      touchesOthers: false,
    },
    needsFaultHeader: true,
  }
  if (roles.fault === undefined) return [byHeader]
  const byState: Script = {
    id: `${operation.id}/${status}/fault-state`,
    given: [...resource, { name: 'fault', role: 'fault', operation }],
    steps: [step],
    effect: {
      sound: 'fails inside; until the request has come, that of another user may meet the fault',
      broken: 'the fault stays and others meet it',
      touchesOthers: true,
    },
    exclusive: true,
  }
  return [byHeader, byState]
}

/** Whether the request does no harm where the fault does not come. */
function harmless(ground: Ground, path: Step['path']): true | { readonly reason: string } {
  const { operation, roles } = ground
  if (roles.existing !== undefined) return namesSomething(path)
  if (Object.keys(path).length > 0) return absentPath(ground)
  if (isSafe(operation.method)) return true
  return { reason: 'without a fault, the request would act on what is not ours' }
}
