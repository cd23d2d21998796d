import { fileURLToPath } from 'node:url'
import { type Document, loadDocument, loadSource, type Source } from './document/index.ts'
import { type Expectation, type Filter, planExpectations, type Shard } from './plan/index.ts'
import { type Planned, type Probe, planAcross, planProbes } from './probe/index.ts'
import { compileSchemas } from './schema/index.ts'
import { shareOf } from './share.ts'
import {
  bareSuite,
  type ChosenTarget,
  chooseTargets,
  type Environment,
  loadSuite,
  type Suite,
  type TargetOptions,
} from './target/index.ts'
import { compileEnvelope, type Promises } from './verdict/index.ts'
import { byWayOf } from './way.ts'

/** What a run is about. Everything may be left out: then the embedded reference provider is looked at. */
export type PrepareOptions = {
  /** The suite file. Default: the one that comes with Assay, or none where a document is given. */
  readonly suite?: string | undefined
  /** Instead of the document of the suite: a path, a URL, or `-` for standard input. */
  readonly document?: string | undefined
  readonly envelope?: string | undefined
  readonly targets?: TargetOptions | undefined
  readonly filter?: Filter | undefined
  /** Which part of the targets and operations is looked at. Default: all of them. */
  readonly shard?: Shard | undefined
  readonly environment?: Environment | undefined
}

/** Everything that is known before the first request. */
export type Prepared = {
  readonly suite: Suite
  readonly promises: Promises
  /** The text of the envelope, where there is one. */
  readonly envelope: Pick<Source, 'name' | 'hash'> | undefined
  readonly expectations: readonly Expectation[]
  readonly planned: readonly Planned[]
  /** Probes that look in one target at what was done in another of its account. */
  readonly across: readonly Probe[]
  readonly chosen: readonly ChosenTarget[]
  readonly shard: Shard | undefined
  readonly environment: Environment
}

/** The suite that comes with Assay. */
export const ownSuite = fileURLToPath(new URL('../suites/control-plane.yaml', import.meta.url))

/**
 * Goes the way from the texts to the probes: document → schema → target → plan → probe. Sends nothing.
 *
 * @throws AssayError for everything that is wrong with suite, document, envelope, names or shard given
 */
export async function prepare(options: PrepareOptions): Promise<Prepared> {
  const { suite, document, envelope } = await readTexts(options)
  const schemas = await compileSchemas(document)
  const expectations = planExpectations(document, suite, options.filter)
  const prepared: Prepared = {
    suite,
    promises: { document, schemas, envelope: envelope && (await compileEnvelope(envelope)) },
    envelope,
    expectations,
    planned: planProbes(expectations, { schemas, suite }),
    across: planAcross(expectations, { schemas, suite }),
    chosen: chooseTargets(suite, options.targets ?? {}),
    shard: options.shard,
    environment: options.environment ?? process.env,
  }
  shareOf(prepared)
  return prepared
}

/** The texts that everything rests on, read. */
export type Texts = {
  readonly suite: Suite
  readonly document: Document
  readonly envelope: Source | undefined
}

/**
 * Reads the suite, its document and its envelope, each of which an option may replace.
 *
 * @throws AssayError for everything that is wrong with suite or document
 */
export async function readTexts(
  options: Pick<PrepareOptions, 'suite' | 'document' | 'envelope' | 'environment'>,
): Promise<Texts> {
  const suite = await readSuite(options)
  const document = await readDocument(options, suite)
  return { suite, document, envelope: await readEnvelope(options, suite) }
}

/** The same, for other targets: nothing is read or compiled again. */
export function retarget(
  prepared: Prepared,
  targets: TargetOptions,
  environment: Environment,
): Prepared {
  const chosen = chooseTargets(prepared.suite, targets)
  return { ...prepared, chosen, shard: undefined, environment }
}

/** The suite that options mean: the one named, one of the document alone, or the one that comes with Assay. */
export function readSuite(options: PrepareOptions): Suite | Promise<Suite> {
  const { suite, document } = options
  if (suite === undefined && document !== undefined) return bareSuite(document)
  return loadSuite(suite ?? ownSuite, byWayOf(options.environment))
}

function readDocument(options: PrepareOptions, suite: Suite): Promise<Document> {
  const { document } = options
  return document === undefined
    ? loadDocument(suite.document, { ...byWayOf(options.environment), base: suite.folder })
    : loadDocument(document, byWayOf(options.environment))
}

function readEnvelope(options: PrepareOptions, suite: Suite) {
  const { envelope } = options
  if (envelope !== undefined) return loadSource(envelope, byWayOf(options.environment))
  return suite.envelope === undefined
    ? undefined
    : loadSource(suite.envelope, { ...byWayOf(options.environment), base: suite.folder })
}
