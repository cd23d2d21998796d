import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { collectReport } from './collect.ts'
import { aimAt } from './fixtures/regions.ts'
import {
  differences,
  families,
  lateRevocations,
  type Provider,
  type ProviderOptions,
  startProvider,
} from './provider/index.ts'
import { type Report, renderConsole } from './report/index.ts'
import { type RunEvent, runPrepared } from './run.ts'
import { prepareTrials } from './selftest.ts'
import type { TargetOptions } from './target/index.ts'

const journal = await mkdtemp(path.join(tmpdir(), 'assay-'))
const prepared = await prepareTrials(journal)
const names = ['aws-us-east-1', 'aws-eu-west-1', 'aws-us-west-2', 'gcp-us-central1']
const open: Provider[] = []
afterAll(() => Promise.all(open.map((provider) => provider.close())))

type Looked = {
  readonly report: Report
  readonly provider: Provider
  /** The region of each verdict, in the order in which they came. */
  readonly order: readonly string[]
}

async function look(
  options: ProviderOptions,
  settings?: Parameters<typeof aimAt>[2],
): Promise<Looked> {
  const provider = await startProvider(options)
  open.push(provider)
  const order: string[] = []
  const observe = (event: RunEvent) => {
    if (event.kind === 'verdict') order.push(event.verdict.region)
  }
  const aimed = aimAt(prepared, provider, settings)
  const report = await collectReport(runPrepared(aimed, { journal, seed: 1 }), { observe })
  return { report, provider, order }
}

const verdictsIn = ({ verdicts }: Report, region: string) =>
  verdicts
    .filter(({ target }) => target === region)
    .map(({ expectation, verdict, findings }) => [expectation, verdict, findings.length].join(' '))
const findingsIn = ({ verdicts }: Report, region: string) =>
  verdicts
    .filter(({ target }) => target === region)
    .flatMap(({ expectation, findings }) => findings.map(({ check }) => `${check} ${expectation}`))
const unique = (texts: readonly string[]) => [...new Set(texts)].sort()
const others = (...regions: readonly string[]) => names.filter((name) => !regions.includes(name))
/** The blocks of the console that begin with a word, each as one line. */
const blocks = (report: Report, word: string) =>
  renderConsole(report, { color: false })
    .split('\n\n')
    .filter((block) => block.startsWith(word))
    .map((block) => block.replace(/\s+/g, ' '))

const sound = await look({})
const green = verdictsIn(sound.report, 'aws-us-east-1')

test('four sound regions are alike, and what is not seen of them is what the wider document adds', () => {
  for (const name of names) expect(verdictsIn(sound.report, name)).toEqual(green)
  expect(green.filter((each) => !each.endsWith(' pass 0'))).toEqual([
    'deleteApiToken/308 skip 0',
    'deleteApiToken/405 skip 0',
  ])
})

/** The first fault of each family, each in another region. */
const firsts = [...families].flatMap(([family, [fault]], index) =>
  fault === undefined ? [] : [{ family, fault, region: names[index % names.length] ?? '' }],
)

test('each family has a fault', () => expect(firsts).toHaveLength(families.size))

test.concurrent.each(firsts)(
  'a fault in one region of four is found there and nowhere else: $family',
  async ({ family, fault, region }) => {
    const { name, alone, caughtBy } = fault
    const { report } = await look({ faults: [{ name, region }] }, () => ({
      ...(family === 'time' ? { latencyBudget: 2000 } : {}),
      ...(alone === true ? { workers: 1 } : {}),
    }))
    expect(unique(findingsIn(report, region))).toEqual(
      unique(caughtBy.map(({ check, cell }) => `${check} ${cell}`)),
    )
    for (const each of others(region)) expect(verdictsIn(report, each)).toEqual(green)
    const told = [...blocks(report, 'FAIL'), ...blocks(report, 'WARN')]
    expect(told.length).toBeGreaterThan(0)
    for (const block of told) expect(block).toContain(` in ${region} (1 of 4) `)
  },
)

const [one, two, ill, liar] = names as [string, string, string, string]

type Illness = {
  readonly name: string
  readonly amount?: number
  /** What is said of the region; green: it only takes longer. */
  readonly said: RegExp | 'green' | 'anything'
  /** Whether it is looked at for longer than its neighbours. */
  readonly isLast?: boolean
}

const closed =
  /^ERROR .*(connection was (closed|reset|refused)|closed before an answer|took the connection)/
const late = /^ERROR .*(no answer came|did not end) within/

/** Ways in which a whole region is of little use. What throttling brings is for the region itself to show. */
const illnesses: readonly Illness[] = [
  { name: 'dead', said: closed },
  { name: 'dies', said: closed },
  { name: 'resets', said: closed },
  { name: 'half-open', said: late },
  { name: 'stops-reading', said: late },
  { name: 'falls-silent', amount: 150, said: late },
  { name: 'hangs', said: late },
  { name: 'drips', said: late },
  { name: 'slows', said: 'green', isLast: true },
  { name: 'throttles', said: 'anything' },
  { name: 'throttles-forever', said: /^(ERROR|FAIL|SKIP) .*429/ },
]

test.concurrent.each(illnesses)(
  'a broken promise in one region and trouble in another are both said, and cost the others nothing: $name',
  async ({ name, amount, said, isLast = false }) => {
    const faults = [
      { name: 'not-found-lies-success', region: liar },
      { name, region: ill, ...(amount === undefined ? {} : { amount }) },
    ]
    const times = { requestTimeout: 500, connectTimeout: 500, patience: 2000 }
    const { report, provider, order } = await look({ faults }, (region) =>
      region === ill && said !== 'green' ? times : {},
    )
    expect(report.exitCode).toBe(1)
    expect(findingsIn(report, liar)).toEqual(['envelope deleteApiToken/404'])
    const lies = blocks(report, 'FAIL').filter((block) => block.includes(' envelope '))
    expect(lies).toHaveLength(1)
    expect(lies[0]).toContain(` in ${liar} (1 of 4) `)
    if (said === 'green') expect(verdictsIn(report, ill)).toEqual(green)
    else if (said !== 'anything') {
      expect(verdictsIn(report, ill)).not.toEqual(green)
      const told = ['ERROR', 'FAIL', 'SKIP'].flatMap((word) => blocks(report, word))
      expect(told.filter((block) => block.includes(ill) && said.test(block))).not.toEqual([])
    }
    for (const each of [one, two]) {
      expect(verdictsIn(report, each)).toEqual(green)
      expect(asked(provider, each)).toBe(asked(sound.provider, each))
    }
    if (isLast) expect(unique(order.slice(-green.length))).toEqual([ill])
  },
)

const seamless = { status: '500', reason: 'no way to make it fail inside' }
const ways: readonly (readonly [safety: string, settings: TargetOptions])[] = [
  ['disposable', {}],
  ['shared', { safety: 'shared' }],
  ['shared, by recipes', { safety: 'shared', recipes: 'tokens-api', cannot: [seamless] }],
]

test.concurrent.each(ways)(
  'four distant regions of one account are as green as one that is alone, and nothing foreign is touched: %s',
  async (_, settings) => {
    const [alone, together] = await Promise.all([
      look({ regions: [one] }, () => settings),
      look({ sharedAccount: true, latency: 80, jitter: 20 }, () => settings),
    ])
    expect(verdictsIn(alone.report, one).filter((each) => / (fail|error) /.test(each))).toEqual([])
    for (const each of names)
      expect(verdictsIn(together.report, each)).toEqual(verdictsIn(alone.report, one))
    const touches = together.provider.touches()
    expect(touches.length).toBeGreaterThan(100)
    expect(
      touches.filter(({ maker, by }) => maker !== together.report.run || by !== maker),
    ).toEqual([])
    expect(together.provider.regions[0]?.tokens().map(({ createdBy }) => createdBy)).toEqual(
      Array.from({ length: 4 }, () => 'seed'),
    )
  },
)

test.concurrent.each([...differences, ...lateRevocations])(
  'what only shows beside other regions is green in one alone: $name',
  async ({ name }) => {
    const { report } = await look({ regions: [one], faults: [{ name }] })
    if (name === 'revocation-is-late')
      expect(unique(findingsIn(report, one))).toEqual([
        'status-code deleteApiToken/deleted-credential-stops-working',
      ])
    else expect(verdictsIn(report, one)).toEqual(green)
  },
)

function asked({ regions }: Provider, region: string): number | undefined {
  return regions.find(({ name }) => name === region)?.seen().length
}
