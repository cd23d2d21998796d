import { spawn } from 'node:child_process'
import path from 'node:path'
import { collectReport } from '../collect.ts'
import { run } from '../run.ts'
import { command, folder } from './measure.ts'

/** Regions of the reference provider, in a process of their own, that share an account. */
export type Regions = { readonly urls: readonly string[]; readonly key: string; stop(): void }

export async function startRegions(count: number, latency = '0ms'): Promise<Regions> {
  const options = ['--shared-account', '--regions', String(count), '--latency', latency]
  const child = spawn(process.execPath, [command, 'provider', ...options], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let text = ''
  for await (const chunk of child.stdout) {
    text += chunk
    if (text.endsWith('\n')) break
  }
  const { regions } = JSON.parse(text) as { regions: { url: string; apiKey: string }[] }
  const urls = regions.map(({ url }) => url)
  return { urls, key: regions[0]?.apiKey ?? '', stop: () => void child.kill() }
}

export type RegionsSample = {
  readonly seconds: number
  readonly requests: number
  /** Bytes of heap in use when the last verdict was told, after a collection where one can be had. */
  readonly heap: number
}

/**
 * Runs the control plane on some regions and measures that.
 *
 * @param collected whether the whole report is kept in memory, as the command keeps it
 */
export async function sampleRegions(
  { urls, key }: Regions,
  count: number,
  { collected = false } = {},
): Promise<RegionsSample> {
  const collect = (globalThis as { gc?: () => void }).gc ?? (() => {})
  const begun = performance.now()
  const events = run({
    seed: 1,
    journal: path.join(folder, 'journal'),
    targets: {
      urls: urls.slice(0, count),
      credential: { env: 'KEY' },
      states: { url: '/_assay/states' },
      faultHeader: { name: 'X-Assay-Fault', value: 'internal-error' },
    },
    environment: { KEY: key },
  })
  let passes = 0
  let sample: RegionsSample | undefined
  const observe = (event: Awaited<ReturnType<typeof events.next>>['value']) => {
    if (event?.kind === 'verdict' && event.verdict.kind === 'pass') passes += 1
    if (event?.kind !== 'ended') return
    if (event.exitCode !== 0) throw new Error(`${count} regions are not green: ${passes} pass`)
    const seconds = (performance.now() - begun) / 1000
    collect()
    sample = { seconds, requests: event.requests, heap: process.memoryUsage().heapUsed }
  }
  if (collected) await collectReport(events, { observe })
  else for await (const event of events) observe(event)
  if (sample === undefined) throw new Error('the run ended without saying so')
  return sample
}
