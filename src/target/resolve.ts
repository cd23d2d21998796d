import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Document } from '../document/index.ts'
import { AssayError } from '../errors.ts'
import { isDocumentedServer, readBaseUrl, readStatesUrl } from './address.ts'
import { bareKey } from './credential.ts'
import { utcDay } from './day.ts'
import { type Environment, expand, showVariables, variablesIn } from './environment.ts'
import { placeOf, showPlace } from './place.ts'
import { readProxies } from './proxy.ts'
import { reveal, Secret } from './secret.ts'
import type { Cannot, Suite, TargetEntry } from './suite.ts'
import type { Limits, StateSource, Target, TargetHeader } from './target.ts'
import { readTrust } from './trust.ts'

export type ResolveContext = {
  readonly suite: Suite
  readonly document: Document
  readonly environment: Environment
  /** The day (UTC) by which declarations that end are judged; default: today. */
  readonly today?: string | undefined
}

/**
 * Makes a target of what a suite and a command line say about it.
 *
 * @throws AssayError TARGET_URL_MISSING, TARGET_URL_INVALID, TARGET_VARIABLE_MISSING,
 * TARGET_CREDENTIAL_MISSING, SUITE_RECIPES_UNKNOWN, PROXY_INVALID; SUITE_INVALID for what no header may hold
 */
export function resolveTarget(
  name: string,
  entry: TargetEntry,
  { suite, document, environment, today }: ResolveContext,
): Target {
  const baseUrl = readBaseUrl(name, entry.url ?? '', environment)
  const states = readStates(name, entry, baseUrl, suite, environment)
  return {
    name,
    region: entry.region ?? name,
    account: entry.account,
    baseUrl,
    credential: readCredential(name, entry, suite, environment),
    form: suite.form,
    headers: readHeaders(name, entry.headers, environment),
    states,
    faultHeader: entry.faultHeader && header(name, entry.faultHeader, environment),
    faultState: entry.faultState ?? true,
    safety: entry.safety ?? (isDocumentedServer(document, baseUrl) ? 'production' : 'shared'),
    allowedHosts: [
      showPlace(placeOf(baseUrl)),
      ...(states?.kind === 'url' ? [showPlace(placeOf(states.url))] : []),
      ...(entry.allowedHosts ?? []),
    ],
    proxies: readProxies(environment),
    trust: readTrust(entry.insecure, environment),
    embedded: false,
    ...readCannot(entry, today),
    version: entry.version,
    limits: readLimits(entry),
  }
}

export type EmbeddedRegion = {
  readonly name: string
  readonly url: string
  readonly statesUrl: string
  readonly apiKey: string
  readonly faultHeader: { readonly name: string; readonly value: string }
}

/** Makes a target of a region of the reference provider that was started inside the run. */
export function embeddedTarget(
  name: string,
  region: EmbeddedRegion,
  entry: TargetEntry,
  suite: Suite,
  today?: string,
): Target {
  return {
    name: `${name}/${region.name}`,
    region: region.name,
    account: entry.account,
    baseUrl: region.url,
    credential: bareKey(suite.form, new Secret('$ASSAY_API_KEY', region.apiKey)),
    form: suite.form,
    headers: [],
    states: { kind: 'url', url: region.statesUrl, headers: [] },
    faultHeader: [region.faultHeader.name, region.faultHeader.value],
    faultState: entry.faultState ?? true,
    safety: entry.safety ?? 'disposable',
    allowedHosts: [showPlace(placeOf(region.url))],
    embedded: true,
    ...readCannot(entry, today),
    version: entry.version,
    limits: readLimits(entry),
  }
}

function readCredential(
  name: string,
  { credential }: TargetEntry,
  suite: Suite,
  environment: Environment,
): Secret | undefined {
  if (credential === undefined) return undefined
  const { env, file } = credential
  const value =
    env === undefined
      ? readSecretFile(name, path.resolve(suite.folder, file ?? ''))
      : environment[env]
  const shown = env === undefined ? `$(cat ${file})` : `$${env}`
  const key = bareKey(suite.form, new Secret(shown, value?.trim() ?? ''))
  if (/[\x00-\x1f\x7f]/.test(reveal(key))) throw unsendable(name, 'the credential')
  if (reveal(key) === '') {
    throw new AssayError('TARGET_CREDENTIAL_MISSING', `target ${name} needs a credential`, {
      hint: env === undefined ? `${file} holds no key` : `set ${env}; its value is never printed`,
    })
  }
  return key
}

function readSecretFile(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new AssayError('TARGET_CREDENTIAL_MISSING', `target ${name} needs a credential`, {
      hint: `${file} cannot be read`,
      cause,
    })
  }
}

function readStates(
  name: string,
  { states, recipes }: TargetEntry,
  baseUrl: string,
  suite: Suite,
  environment: Environment,
): StateSource | undefined {
  if (states !== undefined) {
    return {
      kind: 'url',
      url: readStatesUrl(name, states.url, baseUrl, environment),
      headers: readHeaders(name, states.headers, environment),
    }
  }
  if (recipes === undefined) return undefined
  const book = Object.hasOwn(suite.recipes, recipes) ? suite.recipes[recipes] : undefined
  if (book === undefined) {
    throw new AssayError(
      'SUITE_RECIPES_UNKNOWN',
      `target ${name}: the suite has no recipes "${recipes}"`,
      {
        hint: `it has ${Object.keys(suite.recipes).join(', ') || 'none'}`,
      },
    )
  }
  return { kind: 'recipes', book }
}

function readHeaders(
  target: string,
  headers: Readonly<Record<string, string>> | undefined,
  environment: Environment,
): readonly TargetHeader[] {
  return Object.entries(headers ?? {}).map(([name, value]) =>
    header(target, { name, value }, environment),
  )
}

/** Whether the value of a header is taken for a credential wherever it comes from. */
export function isSecretName(header: string): boolean {
  return /auth|cookie|credential|key|passw|secret|session|signature|token/i.test(header)
}

function header(
  target: string,
  { name, value }: { readonly name: string; readonly value: string },
  environment: Environment,
): TargetHeader {
  const text = expand(target, value, environment)
  if (/[^\t\x20-\x7e\x80-\xff]/.test(text)) throw unsendable(target, `the header ${name}`)
  const variables = variablesIn(value)
  if (variables.length === 0)
    return [name, isSecretName(name) ? new Secret(`<${name}>`, text) : text]
  const parts = variables.map((variable) => environment[variable] ?? '')
  return [name, new Secret(showVariables(value), text, parts)]
}

/** What may not stand in a header (RFC 9110, section 5.5) would otherwise fail each request. */
function unsendable(target: string, what: string): AssayError {
  return new AssayError(
    'SUITE_INVALID',
    `target ${target}: ${what} holds a character that no header may hold`,
    { hint: 'look for a line break, or a letter outside Latin-1' },
  )
}

function readLimits(entry: TargetEntry): Limits {
  return {
    workers: entry.workers ?? 8,
    rate: entry.rateLimit === undefined ? undefined : readRate(entry.rateLimit),
    requestBudget: entry.requestBudget ?? 10_000,
    creationBudget: entry.creationBudget ?? 1000,
    connectTimeout: entry.connectTimeout ?? 5000,
    requestTimeout: entry.requestTimeout ?? 10_000,
    probeTimeout: entry.probeTimeout ?? 60_000,
    patience: entry.patience ?? 60_000,
    retries: entry.retries ?? 0,
    latencyBudget: entry.latencyBudget,
    revocationBudget: entry.revocationBudget,
    consistencyWindow: entry.consistencyWindow,
    bodyLimit: 8 * 1024 * 1024,
  }
}

function readRate(text: string): number {
  const [, amount, unit] = /^(\d+)\/(s|m)$/.exec(text) ?? []
  return Number(amount) / (unit === 'm' ? 60 : 1)
}

/** A declaration holds until the end of its last day. */
function readCannot(
  { cannot = [] }: TargetEntry,
  today = utcDay(),
): Pick<Target, 'cannot' | 'lapsed'> {
  const isOver = ({ until }: Cannot) => until !== undefined && until < today
  return { cannot: cannot.filter((each) => !isOver(each)), lapsed: cannot.filter(isOver) }
}
