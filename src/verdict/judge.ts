import { responseFor } from '../document/index.ts'
import type { Position } from '../errors.ts'
import { isRefuted, type Step, statusNamed } from '../plan/index.ts'
import type { Probe } from '../probe/index.ts'
import { checks } from './checks/index.ts'
import {
  type Complaint,
  type Evidence,
  type Level,
  type Promises,
  readEvidence,
} from './evidence.ts'
import { reproduce } from './reproduce.ts'
import type { Trace } from './trace.ts'

/** One broken promise, seen in one answer. */
export type Finding = {
  readonly check: string
  readonly level: Level
  /** The expectation where it is filed. */
  readonly cell: string
  readonly expected: string
  /** Why it was to be expected; several reasons where several probes met the same answer. */
  readonly because: readonly string[]
  readonly received: string
  readonly promised: Position
  /** Where in a pact it stands, when it is about one. */
  readonly at?: Position
  readonly probe: string
  /** Shell lines that show it again. */
  readonly reproduce: readonly string[]
  /** How often it was seen. */
  readonly times: number
}

/** What one trace shows: findings, and which expectations were observed as promised. */
export type Judgement = {
  readonly findings: readonly Finding[]
  /** The cells whose documented status came where it was expected. */
  readonly observed: readonly string[]
  /** The cell of the surprise that ended the script, if one did. */
  readonly surprise?: { readonly cell: string; readonly received: string }
}

/**
 * Judges one trace.
 *
 * Body, media type and envelope are filed under the status that came, the status itself under the
 * one that was expected; a surprise that refutes what the probe is about, at the probe.
 */
export function judge(trace: Trace, promises: Promises): Judgement {
  const findings: Finding[] = []
  const observed: string[] = []
  let surprise: Judgement['surprise']
  trace.steps.forEach(({ step, exchange }, index) => {
    if (exchange.kind !== 'answered') return
    const evidence = readEvidence(step, exchange, promises)
    const came = responseFor(step.operation, exchange.response.status)
    const cameCell = came && `${step.operation.id}/${came.status}`
    const hoped = cellOfSurprise(trace.probe, step, exchange.response.status)
    if (evidence.expected && cameCell !== undefined) observed.push(cameCell)
    for (const check of checks) {
      const cell = check.id === 'status-code' ? hoped : cameCell
      if (cell === undefined) continue
      for (const complaint of check.run(evidence)) {
        const { expected, because, received, level } = restate(complaint, evidence, trace.probe)
        if (check.id === 'status-code') surprise = { cell, received }
        findings.push({
          check: check.id,
          level: level ?? check.level,
          cell,
          expected,
          because: because === undefined ? [] : [because],
          received,
          promised: complaint.promised ?? promiseOf(cell, evidence, trace.probe, promises),
          probe: trace.probe.id,
          reproduce: reproduce(trace, index),
          times: 1,
        })
      }
    }
  })
  return { findings, observed, ...(surprise === undefined ? {} : { surprise }) }
}

function cellOfSurprise(probe: Probe, step: Step, status: number): string {
  const { expectation } = probe
  const pattern = step.expect[0] ?? 'default'
  const named = statusNamed(step.operation, pattern)
  if (isRefuted(step, status) || named === undefined) return expectation.id
  const isDefault = expectation.kind === 'response' && expectation.documented.status === 'default'
  return isDefault && !pattern.startsWith('2') ? expectation.id : `${step.operation.id}/${named}`
}

/** Says of a refuted law what it states, rather than only which status was missed. */
function restate(
  complaint: Complaint,
  { step, response }: Evidence,
  { expectation }: Probe,
): Complaint {
  if (expectation.kind !== 'law' || !isRefuted(step, response.status)) return complaint
  return { ...complaint, expected: `${complaint.expected}: ${expectation.law.statement}` }
}

function promiseOf(
  cell: string,
  { documented, step }: Evidence,
  { expectation }: Probe,
  { document }: Promises,
): Position {
  if (cell === expectation.id) return document.positionOf(expectation.promised)
  const status = cell.slice(step.operation.id.length + 1)
  const hoped = step.operation.responses.find((each) => each.status === status) ?? documented
  return document.positionOf(hoped?.promised ?? step.operation.pointer)
}
