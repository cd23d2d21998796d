import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { collectReport } from './collect.ts'
import { ownSuite, type Prepared, prepare, readTexts, retarget } from './prepare.ts'
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
import { runPrepared } from './run.ts'
import type { TargetOptions } from './target/index.ts'

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
  const journal = await mkdtemp(path.join(tmpdir(), 'assay-'))
  try {
    const lab = { prepared: await prepareTrials(journal), journal }
    const all = [
      ...faults.map((fault) => ({ fault, isHarmless: false })),
      ...harmless.map((fault) => ({ fault, isHarmless: true })),
    ]
    const begun: Promise<Trial>[] = []
    for (let index = 0; index < all.length; index += 1) {
      for (const { fault, isHarmless } of all.slice(begun.length, index + together))
        begun.push(tryFault(fault, isHarmless, lab))
      yield (await begun[index]) as Trial
    }
  } finally {
    await rm(journal, { recursive: true })
  }
}

/** Prepares what trials are judged by: the suite that comes with Assay, its document widened. */
export async function prepareTrials(folder: string): Promise<Prepared> {
  const { document } = await readTexts({ suite: ownSuite })
  const file = path.join(folder, 'wider.json')
  await writeFile(file, JSON.stringify(widenDocument(document.root)))
  return prepare({ suite: ownSuite, document: file })
}

type Lab = { readonly prepared: Prepared; readonly journal: string }

async function tryFault(fault: Fault, isHarmless: boolean, lab: Lab): Promise<Trial> {
  const report = await runAgainst(fault, lab)
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
async function runAgainst({ name, alone }: Fault, { prepared, journal }: Lab): Promise<Report> {
  const provider = await startProvider({ regions: ['faulty'], faults: [{ name }] })
  const [region] = provider.regions
  if (region === undefined) throw new Error('the provider has no region')
  try {
    const [targets, environment] = reachAll(region)
    const fewer = alone === true ? { workers: 1 } : {}
    const aimed = retarget(prepared, { ...targets, ...fewer }, environment)
    return await collectReport(runPrepared(aimed, { journal, seed: 1 }))
  } finally {
    await provider.close()
  }
}

/** How to reach a region of the reference provider as any server is reached, with all that it offers. */
export function reachAll({ url, statesUrl, faultHeader, apiKey }: RegionHandle) {
  const targets: TargetOptions = {
    urls: [url],
    credential: { env: 'KEY' },
    states: { url: statesUrl },
    faultHeader,
    safety: 'disposable',
    latencyBudget: 2000,
  }
  return [targets, { KEY: apiKey }] as const
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
