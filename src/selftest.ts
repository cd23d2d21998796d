import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { collectReport } from './collect.ts'
import { type Prepared, prepare, retarget } from './prepare.ts'
import {
  type Catch,
  type Fault,
  faults,
  harmless,
  type RegionHandle,
  startProvider,
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

/** Tries Assay on itself: every fault must be caught where it says, and nothing else be accused. */
export async function* selftest(): AsyncGenerator<Trial> {
  const journal = await mkdtemp(path.join(tmpdir(), 'assay-'))
  try {
    const lab = { prepared: await prepare({}), journal }
    for (const fault of faults) yield await tryFault(fault, false, lab)
    for (const fault of harmless) yield await tryFault(fault, true, lab)
  } finally {
    await rm(journal, { recursive: true })
  }
}

type Lab = { readonly prepared: Prepared; readonly journal: string }

async function tryFault(fault: Fault, isHarmless: boolean, lab: Lab): Promise<Trial> {
  const report = await runAgainst(fault.name, lab)
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
async function runAgainst(fault: string, { prepared, journal }: Lab): Promise<Report> {
  const provider = await startProvider({ regions: ['faulty'], faults: [{ name: fault }] })
  const [region] = provider.regions
  if (region === undefined) throw new Error('the provider has no region')
  try {
    const aimed = retarget(prepared, ...reachAll(region))
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
