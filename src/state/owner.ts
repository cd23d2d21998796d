import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** The process that writes a journal, so that another one can tell whether it still lives. */
export type Owner = {
  readonly pid: number
  /** What counts process ids: a machine since it started, or a container on it. */
  readonly machine: string
  /** When the process started, as the system counts; undefined: the system does not say. */
  readonly started?: string | undefined
}

/** `unknown`: it cannot be seen from here, and it gave a sign of life a while ago. */
export type Life = 'lives' | 'ended' | 'unknown'

/** Milliseconds between two signs of life of a process that keeps a journal. */
export const beat = 5000

/** Milliseconds without a sign of life after which a process that cannot be seen counts as ended. */
export const silence = 10 * 60_000

/** This process. */
export function ownProcess(): Owner {
  const { pid } = process
  return { pid, machine: machineName(), started: lookUpProcess(pid)?.started }
}

/**
 * Tells whether a process still lives. A process id alone does not say: another process gets it after
 * a while, or has it in another container that shares the folder.
 *
 * @param silentFor milliseconds since its last sign of life
 */
export function lifeOf({ pid, machine, started }: Owner, silentFor: number): Life {
  const guess = silentFor > silence ? 'ended' : 'unknown'
  if (machine !== machineName()) return guess
  if (!isThere(pid)) return 'ended'
  const found = lookUpProcess(pid)
  if (found === undefined || started === undefined) return guess === 'ended' ? 'ended' : 'lives'
  return found.ended || found.started !== started ? 'ended' : 'lives'
}

function isThere(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** On Linux the boot and the namespace of process ids; elsewhere the name of the host. */
function machineName(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return hostname()
  }
}

/** What Linux says of a process (proc(5)): its state, and its start in clock ticks since the boot. */
function lookUpProcess(pid: number): { ended: boolean; started: string | undefined } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { ended: /^[ZXx]$/.test(fields[0] ?? ''), started: fields[19] }
  } catch {
    return undefined
  }
}
