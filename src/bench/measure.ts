import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from '../run.ts'
import { makeDocument } from './document.ts'

export const folder = mkdtempSync(path.join(tmpdir(), 'assay-bench-'))
export const command = fileURLToPath(new URL('../cli/main.js', import.meta.url))

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** Milliseconds of wall time of a process, medians of rounds in which every candidate has its turn. */
export function timeProcesses(
  candidates: Readonly<Record<string, readonly string[]>>,
  rounds: number,
): Readonly<Record<string, number>> {
  const times = new Map(Object.keys(candidates).map((name) => [name, [] as number[]]))
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, args] of Object.entries(candidates)) {
      const start = performance.now()
      const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder })
      if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`)
      if (round > 0) times.get(name)?.push(performance.now() - start)
    }
  }
  return Object.fromEntries([...times].map(([name, list]) => [name, median(list)]))
}

export type Server = { readonly url: string; stop(): void }

export async function startServer(): Promise<Server> {
  const script = fileURLToPath(new URL('server.js', import.meta.url))
  const child = spawn(process.execPath, [script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const port = await new Promise<string>((resolve) =>
    child.stdout.once('data', (chunk) => resolve(String(chunk).trim())),
  )
  return { url: `http://127.0.0.1:${port}`, stop: () => void child.stdin.end() }
}

/** Writes a generated document and says where it is. */
export function documentFile(operations: number): string {
  const file = path.join(folder, `${operations}.json`)
  writeFileSync(file, makeDocument(operations))
  return file
}

export type Sample = {
  readonly requests: number
  readonly verdicts: number
  readonly seconds: number
  /** Microseconds of CPU of this process per exchange: sent, judged, folded. */
  readonly cpu: number
  /** Bytes of heap in use after 500 verdicts and at the end, after a collection where one can be had. */
  readonly heap: readonly [early: number, late: number]
}

/** Runs a generated document against a server in this process and measures what that took. */
export async function sample(
  operations: number,
  urls: readonly string[],
  workers: number,
): Promise<Sample> {
  const document = documentFile(operations)
  const collect = (globalThis as { gc?: () => void }).gc ?? (() => {})
  let verdicts = 0
  let requests = 0
  let early = 0
  let begun = performance.now()
  let cpu = process.cpuUsage()
  for await (const event of run({
    document,
    seed: 1,
    journal: path.join(folder, 'journal'),
    targets: { urls, credential: { env: 'KEY' }, headers: {}, workers, requestBudget: 1_000_000 },
    environment: { KEY: 'key-bench' },
  })) {
    if (event.kind === 'planned') {
      begun = performance.now()
      cpu = process.cpuUsage()
    } else if (event.kind === 'ended') requests = event.requests
    else {
      verdicts += 1
      if (event.verdict.kind !== 'pass')
        throw new Error(`${event.verdict.expectation.id} is no pass`)
      if (verdicts === 500) {
        collect()
        early = process.memoryUsage().heapUsed
      }
    }
  }
  const used = process.cpuUsage(cpu)
  const seconds = (performance.now() - begun) / 1000
  collect()
  return {
    requests,
    verdicts,
    seconds,
    cpu: (used.user + used.system) / requests,
    heap: [early, process.memoryUsage().heapUsed],
  }
}
