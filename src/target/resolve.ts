import { readFileSync } from 'node:fs'
import path from 'node:path'
import { type Document, nearest } from '../document/index.ts'
import { AssayError } from '../errors.ts'
import { bareKey } from './credential.ts'
import { Secret } from './secret.ts'
import type { Settings, Suite, TargetEntry } from './suite.ts'
import type { Limits, StateSource, Target, TargetHeader } from './target.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** What the command line says about targets; it goes before what the suite file says. */
export type TargetOptions = Settings & {
  /** Base URLs of targets that no suite file names. */
  readonly urls?: readonly string[]
  /** Names of targets of the suite, or `all`. */
  readonly names?: readonly string[]
}

export type ChosenTarget =
  | { readonly kind: 'embedded'; readonly name: string; readonly entry: TargetEntry }
  | { readonly kind: 'remote'; readonly name: string; readonly entry: TargetEntry }

/**
 * Says which targets a run is about: the URLs given, else the names given, else what the suite runs.
 *
 * @throws AssayError TARGET_UNKNOWN with the nearest name
 */
export function chooseTargets(suite: Suite, options: TargetOptions): readonly ChosenTarget[] {
  if (options.urls !== undefined && options.urls.length > 0) {
    return uniqueNames(options.urls).map(({ name, url }) => ({
      kind: 'remote',
      name,
      entry: merge(suite.defaults, { url }, options),
    }))
  }
  const known = Object.keys(suite.targets)
  const asked = options.names?.length ? options.names : (suite.run ?? known)
  const names = asked.includes('all') ? known : asked
  return [...new Set(names)].map((name) => {
    const entry = Object.hasOwn(suite.targets, name) ? suite.targets[name] : undefined
    if (entry === undefined) throw unknownTarget(name, known)
    const merged = merge(suite.defaults, entry, options)
    return { kind: entry.embedded === undefined ? 'remote' : 'embedded', name, entry: merged }
  })
}

export type ResolveContext = {
  readonly suite: Suite
  readonly document: Document
  readonly environment: Environment
}

/**
 * Makes a target of what a suite and a command line say about it.
 *
 * @throws AssayError TARGET_URL_MISSING, TARGET_URL_INVALID, TARGET_VARIABLE_MISSING,
 * TARGET_CREDENTIAL_MISSING, SUITE_RECIPES_UNKNOWN
 */
export function resolveTarget(
  name: string,
  entry: TargetEntry,
  { suite, document, environment }: ResolveContext,
): Target {
  const baseUrl = readBaseUrl(name, entry.url ?? '', environment)
  const states = readStates(name, entry, baseUrl, suite, environment)
  return {
    name,
    region: entry.region ?? name,
    baseUrl,
    credential: readCredential(name, entry, suite, environment),
    form: suite.form,
    headers: readHeaders(name, entry.headers, environment),
    states,
    faultHeader: entry.faultHeader && header(name, entry.faultHeader, environment),
    faultState: entry.faultState ?? true,
    safety: entry.safety ?? (isDocumentedServer(document, baseUrl) ? 'production' : 'shared'),
    allowedHosts: [
      new URL(baseUrl).host,
      ...(states?.kind === 'url' ? [new URL(states.url).host] : []),
      ...(entry.allowedHosts ?? []),
    ],
    embedded: false,
    cannot: (entry.cannot ?? []).filter(({ until }) => until === undefined || until >= today()),
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
): Target {
  const host = new URL(region.url).host
  return {
    name: `${name}/${region.name}`,
    region: region.name,
    baseUrl: region.url,
    credential: bareKey(suite.form, new Secret('$ASSAY_API_KEY', region.apiKey)),
    form: suite.form,
    headers: [],
    states: { kind: 'url', url: region.statesUrl, headers: [] },
    faultHeader: [region.faultHeader.name, new Secret('$ASSAY_FAULT', region.faultHeader.value)],
    faultState: entry.faultState ?? true,
    safety: entry.safety ?? 'disposable',
    allowedHosts: [host],
    embedded: true,
    cannot: entry.cannot ?? [],
    limits: readLimits(entry),
  }
}

function merge(defaults: Settings, entry: TargetEntry, options: TargetOptions): TargetEntry {
  const { urls: _urls, names: _names, ...given } = options
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  const headers = { ...defaults.headers, ...entry.headers, ...options.headers }
  return { ...defaults, ...entry, ...said, headers }
}

function uniqueNames(urls: readonly string[]): readonly { name: string; url: string }[] {
  const seen = new Map<string, number>()
  return urls.map((url) => {
    const host = URL.canParse(url) ? new URL(url).host : url
    const times = (seen.get(host) ?? 0) + 1
    seen.set(host, times)
    return { name: times === 1 ? host : `${host}#${times}`, url }
  })
}

function unknownTarget(name: string, known: readonly string[]): AssayError {
  const near = nearest(name, known)
  return new AssayError('TARGET_UNKNOWN', `the suite has no target "${name}"`, {
    hint:
      near === undefined
        ? known.length === 0
          ? 'give the base URL of one with -u URL'
          : `it has ${known.join(', ')}`
        : `did you mean "${near}"?`,
  })
}

function readBaseUrl(name: string, text: string, environment: Environment): string {
  const missing = variables(text).filter((variable) => !environment[variable])
  if (missing.length > 0) {
    throw new AssayError('TARGET_URL_MISSING', `target ${name} needs a base URL`, {
      hint: `set ${missing.join(' and ')} to it, or give it with -u URL`,
    })
  }
  const url = expand(name, text, environment)
  return parseUrl(name, url).replace(/\/+$/, '')
}

function parseUrl(name: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new AssayError(
      'TARGET_URL_INVALID',
      `target ${name}: ${JSON.stringify(text)} is no http or https URL`,
      {
        hint: 'write it with its scheme, such as https://staging.example.com',
      },
    )
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new AssayError(
      'TARGET_URL_INVALID',
      `target ${name}: a base URL holds no user, password, query or fragment`,
      { hint: 'a credential goes into an environment variable, named with --api-key-env' },
    )
  }
  return `${url.origin}${url.pathname}`
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
  if (value === undefined || value.trim() === '') {
    throw new AssayError('TARGET_CREDENTIAL_MISSING', `target ${name} needs a credential`, {
      hint: env === undefined ? `${file} is empty` : `set ${env}; its value is never printed`,
    })
  }
  return bareKey(
    suite.form,
    new Secret(env === undefined ? `$(cat ${file})` : `$${env}`, value.trim()),
  )
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
    const text = expand(name, states.url, environment)
    const url = URL.canParse(text) ? text : `${baseUrl}/${text.replace(/^\/+/, '')}`
    return {
      kind: 'url',
      url: parseUrl(name, url),
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

function header(
  target: string,
  { name, value }: { readonly name: string; readonly value: string },
  environment: Environment,
): TargetHeader {
  const text = expand(target, value, environment)
  const shown = variables(value).length > 0 ? value.replaceAll(/\$\{(\w+)\}/g, '$$$1') : `<${name}>`
  return [name, new Secret(shown, text)]
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
    bodyLimit: 8 * 1024 * 1024,
  }
}

function readRate(text: string): number {
  const [, amount, unit] = /^(\d+)\/(s|m)$/.exec(text) ?? []
  return Number(amount) / (unit === 'm' ? 60 : 1)
}

/** The servers that a document publishes are production (OpenAPI 3.1, section 4.8.5). */
function isDocumentedServer(document: Document, baseUrl: string): boolean {
  const servers = document.root.servers
  if (!Array.isArray(servers)) return false
  const host = new URL(baseUrl).host
  return servers.some((server: { url?: unknown }) => {
    const url = String(server?.url)
    return URL.canParse(url) && new URL(url).host === host
  })
}

function variables(text: string): readonly string[] {
  return [...text.matchAll(/\$\{(\w+)\}/g)].map((match) => match[1] ?? '')
}

function expand(target: string, text: string, environment: Environment): string {
  return text.replaceAll(/\$\{(\w+)\}/g, (_, variable: string) => {
    const value = environment[variable]
    if (value === undefined) {
      throw new AssayError(
        'TARGET_VARIABLE_MISSING',
        `target ${target} refers to ${variable}, which is not set`,
        {
          hint: `set ${variable} in the environment`,
        },
      )
    }
    return value
  })
}

function today(): string {
  return new Date().toISOString().slice(0, 10)
}
