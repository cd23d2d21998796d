import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { loadDocument } from '../document/index.ts'
import { writePact } from '../pact/index.ts'
import { prepare } from '../prepare.ts'
import { startProvider } from '../provider/index.ts'
import {
  command,
  documentFile,
  folder,
  median,
  sample,
  startServer,
  timeProcesses,
} from './measure.ts'
import { type RegionsSample, sampleRegions, startRegions } from './regions.ts'

/**
 * Measures Assay against its yardsticks in one run. `--json FILE` keeps the numbers, to compare two
 * commits; `--only PART` measures one part, such as `manyRegions`.
 */
type Row = {
  readonly what: string
  readonly value: number
  readonly unit: string
  readonly bar?: string
}

const rows: Row[] = []

function note(what: string, value: number, unit: string, bar?: string): void {
  rows.push({ what, value, unit, ...(bar === undefined ? {} : { bar }) })
  process.stdout.write(
    `${what.padEnd(58)}${value.toFixed(2).padStart(10)} ${unit.padEnd(14)}${bar ?? ''}\n`,
  )
}

async function startUp(): Promise<void> {
  const packages = ['undici', 'ajv/dist/2020.js', 'ajv-formats', 'yaml'].map((name) =>
    import.meta.resolve(name),
  )
  const imports = packages.map((name) => `import(${JSON.stringify(name)})`).join(',')
  const provider = await startProvider({ regions: ['one'] })
  const [region] = provider.regions
  await provider.close()
  if (region === undefined) throw new Error('no region')
  const times = timeProcesses(
    {
      node: ['-e', '0'],
      packages: ['--input-type=module', '-e', `await Promise.all([${imports}])`],
      plan: [command, 'plan'],
      run: [command, 'run', '--report', 'json'],
    },
    9,
  )
  const { node = 0, packages: imported = 0, plan = 0, run = 0 } = times
  note('node alone', node, 'ms')
  note('node importing undici, ajv and the parser', imported, 'ms')
  note('assay plan', plan, 'ms')
  note('assay plan / node', plan / node, '×')
  note('assay plan / node importing the packages', plan / imported, '×', 'bar: at most 2')
  note('assay run, four embedded regions', run, 'ms')
}

async function oneRegion(): Promise<void> {
  const times: number[] = []
  const provider = await startProvider({ regions: ['one'] })
  const [region] = provider.regions
  if (region === undefined) throw new Error('no region')
  const { run } = await import('../run.ts')
  for (let round = 0; round < 8; round += 1) {
    const start = performance.now()
    for await (const event of run({
      seed: 1,
      journal: `${folder}/journal`,
      targets: {
        urls: [region.url],
        credential: { env: 'KEY' },
        states: { url: region.statesUrl },
        faultHeader: region.faultHeader,
      },
      environment: { KEY: region.apiKey },
    })) {
      if (event.kind === 'ended' && event.exitCode !== 0) throw new Error('the run is not green')
    }
    if (round > 0) times.push((performance.now() - start) / 1000)
  }
  await provider.close()
  note(
    'complete run of the control plane, one loopback region',
    median(times),
    's',
    'bar: under 0.7',
  )
}

async function throughput(): Promise<void> {
  const { default: autocannon } = await import('autocannon')
  const server = await startServer()
  const rates: { ours: number[]; theirs: number[]; wrk: number[]; cpu: number[] } = {
    ours: [],
    theirs: [],
    wrk: [],
    cpu: [],
  }
  const hasWrk = spawnSync('wrk', ['--version']).error === undefined
  for (let round = 0; round < 4; round += 1) {
    const { requests, seconds, cpu } = await sample(1200, [server.url], 16)
    const result = await autocannon({
      url: `${server.url}/things-1/x`,
      connections: 16,
      duration: 2,
      headers: { authorization: 'key-bench' },
    })
    if (hasWrk) {
      const { stdout } = spawnSync('wrk', ['-c16', '-t2', '-d2', `${server.url}/things-1/x`], {
        encoding: 'utf8',
      })
      rates.wrk.push(Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]))
    }
    if (round === 0) continue
    rates.ours.push(requests / seconds)
    rates.theirs.push(result.requests.average)
    rates.cpu.push(cpu)
  }
  server.stop()
  note('exchanges sent, judged and folded', median(rates.ours), 'per second')
  note('autocannon, 16 connections, same server', median(rates.theirs), 'per second')
  note('ours / autocannon', median(rates.ours) / median(rates.theirs), '×', 'bar: at least 0.6')
  if (hasWrk) note('ours / wrk', median(rates.ours) / median(rates.wrk), '×', 'bar: at least 0.5')
  note('CPU per judged exchange', median(rates.cpu), 'µs', 'bar: at most 80')
}

async function sizes(): Promise<void> {
  const server = await startServer()
  const perOperation = new Map<number, number>()
  await sample(200, [server.url], 16)
  for (const operations of [1, 12, 200, 1200]) {
    const file = documentFile(operations)
    const load = performance.now()
    await loadDocument(file)
    const loaded = performance.now()
    await prepare({ document: file, targets: { urls: [server.url] } })
    const planned = performance.now()
    const repeats = operations >= 200 ? 1 : Math.ceil(240 / operations)
    const times: number[] = []
    for (let index = 0; index < repeats; index += 1) {
      times.push((await sample(operations, [server.url], 16)).cpu)
    }
    perOperation.set(operations, median(times))
    note(`${operations} operations: load`, loaded - load, 'ms')
    note(`${operations} operations: load and plan`, planned - loaded, 'ms')
    note(`${operations} operations: CPU per exchange`, median(times), 'µs')
  }
  const ratio = (perOperation.get(1200) ?? 0) / (perOperation.get(12) ?? 1)
  note('CPU per exchange, 1200 against 12 operations', ratio, '×', 'bar: 0.8 to 1.2')
  const { heap, verdicts } = await sample(2500, [server.url], 16)
  note(`heap after ${verdicts} verdicts against after 500`, heap[1] / heap[0], '×', 'bar: flat')
  server.stop()
}

async function distantRegions(): Promise<void> {
  const provider = await startRegions(16, '80ms')
  const wall = new Map<number, number>()
  await sampleRegions(provider, 1)
  for (const count of [1, 4, 16]) {
    const rounds = [1, 2, 3].map(() => () => sampleRegions(provider, count))
    const times: number[] = []
    for (const round of rounds) times.push((await round()).seconds)
    wall.set(count, median(times))
    note(`${count} regions, 80 ms latency`, wall.get(count) ?? 0, 's')
  }
  provider.stop()
  note('4 regions against one', (wall.get(4) ?? 0) / (wall.get(1) ?? 1), '×', 'bar: at most 1.3')
}

async function manyRegions(): Promise<void> {
  const provider = await startRegions(100)
  await sampleRegions(provider, 10)
  for (const collected of [false, true]) {
    const few: RegionsSample[] = []
    const many: RegionsSample[] = []
    for (let round = 0; round < 3; round += 1) {
      few.push(await sampleRegions(provider, 10, { collected }))
      many.push(await sampleRegions(provider, 100, { collected }))
    }
    const of = (samples: readonly RegionsSample[], key: 'heap' | 'seconds') =>
      median(samples.map((each) => each[key]))
    const told = collected ? ', the report kept' : ''
    const heaps = [of(few, 'heap'), of(many, 'heap')] as const
    note(`heap after 100 regions${told}`, heaps[1] / 2 ** 20, 'MiB')
    note(`heap after 100 regions against 10${told}`, heaps[1] / heaps[0], '×', 'bar: 0.8 to 1.2')
    note(`heap for each further region${told}`, (heaps[1] - heaps[0]) / 90 / 1024, 'KiB')
    if (collected) continue
    note('100 regions on loopback', of(many, 'seconds'), 's')
    const ratio = of(many, 'seconds') / of(few, 'seconds') / 10
    note('time per region, 100 against 10', ratio, '×', 'bar: about 1')
  }
  provider.stop()
}

/** 500 operations with two answers each, after the Pact core was loaded by a smaller document. */
async function pacts(): Promise<void> {
  const times: number[] = []
  let interactions = 0
  for (const operations of [1, 500, 500, 500]) {
    const { suite, promises, planned } = await prepare({ document: documentFile(operations) })
    const start = performance.now()
    const written = await writePact(planned, { suite, promises })
    if (operations > 1) times.push((performance.now() - start) / 1000)
    interactions = written.pacts.reduce((sum, pact) => sum + pact.interactions, 0)
  }
  note(`${interactions} interactions planned and written`, median(times), 's', 'bar: under 1')
}

const parts = { startUp, oneRegion, throughput, sizes, distantRegions, manyRegions, pacts }
const { values } = parseArgs({ options: { json: { type: 'string' }, only: { type: 'string' } } })
for (const [name, part] of Object.entries(parts))
  if (values.only === undefined || values.only === name) await part()
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`)
rmSync(folder, { recursive: true })
