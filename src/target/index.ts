/** A suite file, options and an environment come in; targets that can be spoken to go out. */
export { showAddress } from './address.ts'
export { type ChosenTarget, chooseTargets, type TargetOptions } from './choose.ts'
export { bareForm, bareKey, type CredentialForm, formed, parseForm } from './credential.ts'
export { utcDay } from './day.ts'
export type { Environment } from './environment.ts'
export { describeTarget, type NamedTarget, nameTargets, type TargetFacts } from './named.ts'
export { type Place, parsePlace, placeOf, showPlace } from './place.ts'
export { type HttpProxy, type Proxies, proxyFor, proxyVariables, readProxies } from './proxy.ts'
export { type FileKind, refuse } from './refuse.ts'
export { embeddedTarget, isSecretName, resolveTarget } from './resolve.ts'
export { isMadeUp, isSameSecret, makeUp, reveal, revealAll, Secret } from './secret.ts'
export {
  bareSuite,
  type Cannot,
  loadSuite,
  type Recipe,
  type RecipeBook,
  type RecipeRequest,
  type Role,
  type Roles,
  type SafetyClass,
  type Suite,
  type TargetEntry,
} from './suite.ts'
export { suiteSchema } from './suite-schema.ts'
export type { Limits, StateSource, Target, TargetHeader } from './target.ts'
export { readTrust, remarksOnWays, type Trust } from './trust.ts'
