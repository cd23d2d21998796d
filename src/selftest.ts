import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { collectReport } from './collect.ts'
import { loadSource } from './document/index.ts'
import { ownSuite } from './prepare.ts'
import {
  type Catch,
  type Fault,
  faults,
  harmless,
  type RegionHandle,
  startProvider,
  widenDocument,
} from './provider/index.ts'
import type { Report } from './report/index.ts'
import { type RunOptions, run } from './run.ts'
import { loadSuite } from './target/index.ts'

/** What Assay said of one provider that is known to break one promise, or none. */
export type Trial = {
  readonly fault: string
  readonly statement: string
  readonly harmless: boolean
  /** Every cell that is no pass: what was found, and what could not be shown because of it. */
  readonly red: readonly string[]
  /** Where it was to be caught. */
  readonly declared: readonly Catch[]
  /** Where it was caught. */
  readonly found: readonly Catch[]
  readonly missed: readonly Catch[]
  readonly accused: readonly Catch[]
}

/** So many trials at a time: most of them wait for each other's clocks. */
const together = 3

/** Tries Assay on itself: every fault must be caught where it says, and nothing else be accused. */
export async function* selftest(): AsyncGenerator<Trial> {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-'))
  try {
    const document = await writeDocument(folder)
    const all = [
      ...faults.map((fault) => ({ fault, isHarmless: false })),
      ...harmless.map((fault) => ({ fault, isHarmless: true })),
    ]
    const begun: Promise<Trial>[] = []
    for (let index = 0; index < all.length; index += 1) {
      for (const { fault, isHarmless } of all.slice(begun.length, index + together))
        begun.push(tryFault(fault, isHarmless, { document, journal: folder }))
      yield (await begun[index]) as Trial
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Writes the document that a trial is judged by into a folder, and answers its path. */
export async function writeDocument(folder: string): Promise<string> {
  const suite = await loadSuite(ownSuite)
  const source = await loadSource(suite.document, { base: suite.folder })
  const file = path.join(folder, 'wider.json')
  await writeFile(file, JSON.stringify(widenDocument(source.value)))
  return file
}

export type TrialPlace = { readonly document: string; readonly journal: string }

/** How a trial reaches its region: as any run reaches any server, with all that the region offers. */
export function trialOptions(region: RegionHandle, { document, journal }: TrialPlace): RunOptions {
  return {
    suite: ownSuite,
    document,
    targets: {
      urls: [region.url],
      credential: { env: 'KEY' },
      states: { url: region.statesUrl },
      faultHeader: region.faultHeader,
      safety: 'disposable',
      latencyBudget: 2000,
    },
    environment: { KEY: region.apiKey },
    journal,
    seed: 1,
  }
}

async function tryFault(fault: Fault, isHarmless: boolean, place: TrialPlace): Promise<Trial> {
  const report = await runAgainst(fault, place)
  const found = findingsOf(report)
  const declared = fault.caughtBy
  return {
    fault: fault.name,
    statement: fault.statement,
    harmless: isHarmless,
    red: report.verdicts
      .filter(({ verdict }) => verdict !== 'pass')
      .map(({ expectation }) => expectation),
    declared,
    found,
    missed: without(declared, found),
    accused: without(found, declared),
  }
}

/** Runs the suite of the control plane against one region that has a fault, as against any server. */
async function runAgainst({ name, alone }: Fault, place: TrialPlace): Promise<Report> {
  const provider = await startProvider({ regions: ['faulty'], faults: [{ name }] })
  const [region] = provider.regions
  if (region === undefined) throw new Error('the provider has no region')
  try {
    const options = trialOptions(region, place)
    const targets = { ...options.targets, ...(alone === true ? { workers: 1 } : {}) }
    return await collectReport(run({ ...options, targets }))
  } finally {
    await provider.close()
  }
}

/** Every place where something was found; an `error` counts as found by no check. */
function findingsOf(report: Report): readonly Catch[] {
  const all = report.verdicts.flatMap(({ expectation, verdict, findings }) => [
    ...findings.map(({ check }) => ({ check, cell: expectation })),
    ...(verdict === 'error' ? [{ check: '(error)', cell: expectation }] : []),
  ])
  return all.filter((each, index) => all.findIndex((other) => same(each, other)) === index)
}

function without(some: readonly Catch[], others: readonly Catch[]): readonly Catch[] {
  return some.filter((each) => !others.some((other) => same(each, other)))
}

function same(a: Catch, b: Catch): boolean {
  return a.check === b.check && a.cell === b.cell
}
