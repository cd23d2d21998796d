import path from 'node:path'
import {
  joinPointer,
  type LoadOptions,
  loadSource,
  lookUp,
  nearest,
  type Pointer,
  type Source,
  splitPointer,
} from '../document/index.ts'
import { AssayError } from '../errors.ts'
import { compileSchema, type Violation } from '../schema/index.ts'
import { showAddress } from './address.ts'
import { bareForm, type CredentialForm, parseForm } from './credential.ts'
import { suiteSchema } from './suite-schema.ts'

/** How one provider state serves one operation. */
export type Role = {
  readonly state: string
  readonly params?: Readonly<Record<string, string | number | boolean>>
  readonly path?: Readonly<Record<string, string>>
  readonly credential?: string
}

/** Provider states by what they are to an operation: `existing`, `absent`, `refused`, `fault`, `foreign` or a status code. */
export type Roles = Readonly<Record<string, Role>>

export type RecipeRequest = {
  readonly method: string
  readonly path: string
  readonly body?: unknown
}

export type Recipe = {
  readonly setup: readonly {
    readonly request: RecipeRequest
    readonly values?: Readonly<Record<string, Pointer>>
  }[]
  readonly teardown?: { readonly request: RecipeRequest }
  readonly find?: {
    readonly request: RecipeRequest
    readonly items: Pointer
    readonly name: Pointer
    readonly values: Readonly<Record<string, Pointer>>
  }
}

export type RecipeBook = Readonly<Record<string, Recipe>>

export type SafetyClass = 'disposable' | 'shared' | 'production'

/** What a target says beforehand that it cannot show. */
export type Cannot = {
  /** A documented status code, or the id of a law. */
  readonly status: string
  readonly operation?: string
  readonly reason: string
  readonly until?: string
}

export type Settings = {
  readonly credential?: { readonly env?: string; readonly file?: string }
  readonly headers?: Readonly<Record<string, string>>
  readonly states?: { readonly url: string; readonly headers?: Readonly<Record<string, string>> }
  readonly recipes?: string
  readonly faultHeader?: { readonly name: string; readonly value: string }
  readonly faultState?: boolean
  readonly safety?: SafetyClass
  readonly allowedHosts?: readonly string[]
  readonly insecure?: boolean
  readonly workers?: number
  readonly rateLimit?: string
  readonly requestBudget?: number
  readonly creationBudget?: number
  readonly connectTimeout?: number
  readonly requestTimeout?: number
  readonly probeTimeout?: number
  readonly patience?: number
  readonly retries?: number
  readonly latencyBudget?: number
  readonly account?: string
  readonly revocationBudget?: number
  readonly consistencyWindow?: number
  readonly version?: VersionPlace
  readonly cannot?: readonly Cannot[]
}

/** Where a target says which version it runs: a header of its answers, or of that of a path, or a place in it. */
export type VersionPlace = {
  readonly header?: string
  readonly path?: string
  readonly pointer?: Pointer
}

export type TargetEntry = Settings & {
  readonly embedded?: { readonly regions: readonly string[] }
  readonly url?: string
  readonly region?: string
}

export type Suite = {
  readonly name: string
  /** SHA-256 of the text of the suite file, in hexadecimal; undefined: there is none. */
  readonly hash: string | undefined
  /** The folder that paths in the suite are relative to. */
  readonly folder: string
  readonly document: string
  readonly envelope: string | undefined
  readonly form: CredentialForm
  /** How the parties of written pacts are called. */
  readonly pact?: { readonly provider?: string; readonly consumer?: string } | undefined
  readonly operations: Readonly<Record<string, Roles>>
  readonly recipes: Readonly<Record<string, RecipeBook>>
  readonly defaults: Settings
  readonly targets: Readonly<Record<string, TargetEntry>>
  readonly run: readonly string[] | undefined
}

type SuiteFile = Partial<Omit<Suite, 'hash' | 'folder' | 'form'>> & {
  readonly document: string
  readonly credential?: string
}

/**
 * Reads a suite file.
 *
 * @throws AssayError SUITE_UNKNOWN_KEY with the nearest known key; SUITE_INVALID with what was
 * expected and received; and what `loadSource` throws
 */
export async function loadSuite(location: string, options?: LoadOptions): Promise<Suite> {
  const source = await loadSource(location, options)
  const violations = (await compileSchema(suiteSchema))(source.value)
  if (violations.length > 0) throw refusal(source, violations)
  const file = source.value as SuiteFile
  return {
    name: file.name ?? path.basename(location).replace(/\.[^.]+$/, ''),
    hash: source.hash,
    folder: path.dirname(location),
    document: file.document,
    envelope: file.envelope,
    form: readForm(file.credential, source),
    pact: file.pact,
    operations: file.operations ?? {},
    recipes: file.recipes ?? {},
    defaults: withTextStatuses(file.defaults ?? {}),
    targets: Object.fromEntries(
      Object.entries(file.targets ?? {}).map(([name, entry]) => [name, withTextStatuses(entry)]),
    ),
    run: file.run,
  }
}

/** A suite that only names a document: what a run without a suite file uses. */
export function bareSuite(document: string): Suite {
  return {
    name: path.basename(showAddress(document)).replace(/\.[^.]+$/, ''),
    hash: undefined,
    folder: '.',
    document,
    envelope: undefined,
    form: bareForm,
    operations: {},
    recipes: {},
    defaults: {},
    targets: {},
    run: undefined,
  }
}

function readForm(credential: string | undefined, source: Source): CredentialForm {
  if (credential === undefined) return bareForm
  try {
    return parseForm(credential)
  } catch (error) {
    if (!(error instanceof AssayError)) throw error
    const at = source.positionOf('/credential')
    throw new AssayError(error.code, error.message, { at, hint: error.hint })
  }
}

/** YAML reads `status: 500` as a number; everything after this stage reads text. */
function withTextStatuses<T extends Settings>(settings: T): T {
  if (settings.cannot === undefined) return settings
  return {
    ...settings,
    cannot: settings.cannot.map((each) => ({ ...each, status: String(each.status) })),
  }
}

/** Says the most telling of what is wrong: a misspelt key is why another one is missing. */
function refusal(source: Source, violations: readonly Violation[]): AssayError {
  const unknown = violations.find(({ keyword }) => keyword === 'additionalProperties')
  if (unknown !== undefined) return unknownKey(source, unknown)
  const [first] = violations.toSorted((a, b) => rank(a) - rank(b))
  if (first === undefined) throw new Error('nothing is wrong')
  const { instance, keyword, expected } = first
  const wanted = keyword === 'oneOf' ? 'either "url" or "embedded"' : expected
  return new AssayError(
    'SUITE_INVALID',
    `expected ${wanted}, received ${received(source, first)}`,
    {
      at: source.positionOf(instance),
      hint: 'an editor that knows schemas/suite.schema.json shows what may stand here',
    },
  )
}

function unknownKey(source: Source, { instance, member = '', schema }: Violation): AssayError {
  const known = knownKeys(schema)
  const near = nearest(member, known)
  const message = `${JSON.stringify(member)} is no key of ${nameOf(instance)}`
  return new AssayError('SUITE_UNKNOWN_KEY', message, {
    at: source.positionOf(joinPointer(instance, member)),
    hint: near === undefined ? `known: ${known.join(', ')}` : `did you mean "${near}"?`,
  })
}

function rank({ keyword }: Violation): number {
  return keyword === 'oneOf' ? 1 : 0
}

/** The value that was found; where a credential may have been put by mistake, only what kind it is. */
function received({ value }: Source, { instance, received }: Violation): string {
  const found = lookUp(value, splitPointer(instance))
  if (Array.isArray(found)) return 'a list'
  if (typeof found === 'object') return found === null ? 'nothing' : 'a mapping'
  const mayBeSecret = /\/(credential|headers|faultHeader|states)(\/|$)/.test(instance)
  return mayBeSecret ? `a ${typeof found}` : received
}

function nameOf(instance: Pointer): string {
  return instance === '' ? 'a suite' : `"${instance.slice(1).replaceAll('/', '.')}"`
}

/** The keys that our own schema allows beside the refused one. */
function knownKeys(schema: Pointer): readonly string[] {
  const parent = lookUp(suiteSchema, splitPointer(schema).slice(0, -1))
  return Object.keys((parent as { properties?: object }).properties ?? {})
}
