import type { DocumentedResponse } from '../document/index.ts'
import type { Position } from '../errors.ts'
import { laws, type Refutation, type Step, statusNamed, weigh } from '../plan/index.ts'
import type { Probe } from '../probe/index.ts'
import { type Drawn, drawAnswer } from './agreement/portrait.ts'
import { answersTogether } from './checks/answers-together.ts'
import { checks } from './checks/index.ts'
import { framed, protocol } from './checks/protocol.ts'
import { stability } from './checks/stability.ts'
import { statusCode } from './checks/status-code.ts'
import { judgeClaims } from './claims.ts'
import {
  type Check,
  type Circumstances,
  type Complaint,
  documentedFor,
  type Evidence,
  type Level,
  type Promises,
  readEvidence,
} from './evidence.ts'
import { fingerprintOf, type Mark, steady, wayOf } from './fingerprint.ts'
import type { Known } from './known.ts'
import { type Answered, lossesOf, refusalsOf } from './repeats.ts'
import { reproduce } from './reproduce.ts'
import { findUnsteady, isEvidence, isLimited, isSilent, type Unsteady } from './steadiness.ts'
import type { Sent, Trace } from './trace.ts'

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
  /** Its name, the same in every run and region. */
  readonly fingerprint: string
  /** Of a status that nobody asked for: the steps that met it, for each may have a cause of its own. */
  readonly ways?: readonly string[]
  /** Who answers for it and why, where a baseline says that it is known. */
  readonly known?: Known
  /** Why it is not known, although a baseline has it. */
  readonly notKnown?: string
}

/** A finding in one answer; how to see it again is only worked out for what is told. */
export type Sighting = Omit<Finding, 'reproduce' | 'times' | 'ways' | 'known' | 'notKnown'> & {
  readonly reproduce: () => readonly string[]
  readonly way?: string
  /** The cell that was hoped for, when a failure there is the root of this finding. */
  readonly root?: string
}

/** What one trace shows: findings, and which expectations were observed as promised. */
export type Judgement = {
  readonly findings: readonly Sighting[]
  /** The cells whose documented status came where it was expected. */
  readonly observed: readonly string[]
  /** The cell of the surprise that ended the script, if one did. */
  readonly surprise?: Surprise
  /** What its answers look like, to be compared with those of other targets. */
  readonly drawn: readonly Drawn[]
}

/** The finding at which a script ended, and where it is filed. */
export type Surprise = Mark & { readonly cell: string; readonly received: string }

/**
 * Judges one trace.
 *
 * Body, media type and envelope are filed under the status that came, the status itself under the
 * one that was expected; a surprise that refutes what the probe is about, at the probe.
 */
export function judge(trace: Trace, promises: Promises): Judgement {
  const findings: Sighting[] = []
  const observed: string[] = []
  const drawn: Drawn[] = []
  let surprise: Judgement['surprise']
  const unsteady = findUnsteady(trace.steps)
  const credentials = credentialsIn(trace.probe)
  const claims = judgeClaims(trace)
  trace.steps.forEach((sent, index) => {
    if (sent.unjudged === true) return
    const { step } = sent
    const lost = lossesOf(sent)
    const about = unsteady.find((each) => each.step === step)
    const file = (check: Check, cell: string, complaint: Complaint, evidence?: Evidence) => {
      const { because, level, promised, received, rule } = complaint
      const way = wayOf(step.operation.id, trace.probe.id, step.name)
      const mark: Mark = {
        fingerprint: fingerprintOf({ cell, check: check.id, rule }),
        ...(check === statusCode ? { way } : {}),
      }
      if (check.files === 'hoped' && level !== 'should') surprise ??= { cell, received, ...mark }
      findings.push({
        check: check.id,
        level: level ?? check.level,
        cell,
        expected: complaint.expected,
        because: because === undefined ? [] : [because],
        received,
        ...mark,
        promised: promised ?? promiseOf(cell, step, evidence?.documented, trace.probe, promises),
        probe: trace.probe.id,
        reproduce: () => [
          ...reproduce(trace, index),
          ...(check === stability ? ['# now and then: send it again and again'] : []),
          ...(step.until?.what === undefined ? [] : ['# again and again, until it is refused']),
          ...(lost.length > 0
            ? [`# sent again after: ${lost.map(({ reason }) => reason).join('; ')}`]
            : []),
          ...(evidence?.isPatience === true ? ['# again and again, until it asks to wait'] : []),
          ...(check === answersTogether && step.copies !== undefined ? ['# twice at once'] : []),
        ],
        ...(step.refutes?.unlessHopedFails === true
          ? { root: cellOfSurprise(trace.probe, step) }
          : {}),
      })
      return mark
    }
    const judgeAnswer = (answer: Answered, circumstances: Circumstances) => {
      const { status } = answer.exchange.response
      const evidence = readEvidence(answer, promises, { ...circumstances, credentials })
      const came = documentedFor(step, status)
      const cameCell = came && `${step.operation.id}/${came.status}`
      const hoped = cellOfSurprise(trace.probe, step, status)
      const seen = circumstances.isRefusal === true ? came?.status === '429' : evidence.expected
      if (seen && cameCell !== undefined) observed.push(cameCell)
      if (circumstances.isRefusal !== true)
        drawn.push(...drawAnswer(evidence, () => reproduce(trace, index)))
      for (const check of checks) {
        const { expected } = evidence
        const own = trace.probe.expectation.id
        const cell = placeOf(check, { cameCell, hoped, expected, own })
        if (cell === undefined) continue
        for (const complaint of check.run(evidence))
          file(check, cell, restate(complaint, check, evidence, trace.probe), evidence)
      }
    }
    for (const refusal of refusalsOf(sent))
      judgeAnswer(refusal, { isPatience: true, isRefusal: true })
    if (!isAnswered(sent)) {
      const told = judgeFailure(sent, about)
      if (told === undefined) return
      const { expectation } = trace.probe
      const cell = step.mustAnswer === true ? expectation.id : cellOfSurprise(trace.probe, step)
      const mark = file(told.check, cell, told.complaint)
      surprise ??= { cell, received: told.complaint.received, ...mark }
      return
    }
    const isPatience =
      trace.steps.findIndex((each) => each.step === step) < index && isLimited(sent)
    const unfitting = claims.get(sent) ?? []
    judgeAnswer(sent, { unsteady: about, isPatience, unfitting, lost })
  })
  return { findings, observed, drawn, ...(surprise === undefined ? {} : { surprise }) }
}

type Places = {
  readonly cameCell: string | undefined
  readonly hoped: string
  readonly expected: boolean
  readonly own: string
}

function placeOf(
  { files = 'came' }: Check,
  { cameCell, hoped, expected, own }: Places,
): string | undefined {
  if (files === 'probe') return own
  if (files === 'hoped') return hoped
  return cameCell ?? (files === 'any' || expected ? hoped : undefined)
}

function isAnswered(sent: Sent): sent is Answered {
  return sent.exchange.kind === 'answered'
}

/** What the want of an answer shows: nothing, unless it is malformed or the same request gets one at other times. */
function judgeFailure(
  { exchange, step }: Sent,
  about: Unsteady | undefined,
): { readonly check: Check; readonly complaint: Complaint } | undefined {
  if (exchange.kind !== 'failed') return undefined
  if (step.mustAnswer === true && isSilent(exchange)) {
    const { because } = step
    return {
      check: statusCode,
      complaint: { expected: 'an answer', because, received: exchange.reason, rule: 'silence' },
    }
  }
  if (about !== undefined) {
    if (about.odd.exchange !== exchange) return undefined
    const expected = `${step.expect.join(' or ')} each time`
    const rule = step.expect.join(' or ')
    return {
      check: stability,
      complaint: { expected, because: step.because, received: about.received, rule },
    }
  }
  if (!isEvidence(exchange, false)) return undefined
  const rule = `framing: ${steady(exchange.reason)}`
  return { check: protocol, complaint: { expected: framed, received: exchange.reason, rule } }
}

/** The names of the answered values that a script shows as credentials. */
function credentialsIn({ script }: Probe): ReadonlySet<string> {
  return new Set(
    script.steps.flatMap(({ use }) => {
      const source = use.kind === 'given' ? use : use.kind === 'altered' ? use.of : undefined
      return source === undefined ? [] : [`{${source.given}.${source.value}}`]
    }),
  )
}

function cellOfSurprise(probe: Probe, step: Step, status?: number): string {
  const { expectation } = probe
  const pattern = step.expect[0] ?? 'default'
  const named = statusNamed(step.operation, pattern)
  if (status !== undefined && isAboutProbe(step, status)) {
    const law = refutedBy(step, status)?.law
    return law === undefined ? expectation.id : `${step.operation.id}/${law}`
  }
  if (named === undefined) return expectation.id
  const isDefault = expectation.kind === 'response' && expectation.documented.status === 'default'
  return isDefault && !pattern.startsWith('2') ? expectation.id : `${step.operation.id}/${named}`
}

/** Whether a status says something of what the probe is about, rather than of what a step hoped for. */
function isAboutProbe(step: Step, status: number): boolean {
  return ['refutes', 'frowned-on'].includes(weigh(step, status))
}

/** What a status refutes, if it does. */
function refutedBy(step: Step, status: number): Refutation | undefined {
  return weigh(step, status) === 'refutes' ? step.refutes : undefined
}

/** Says of a refuted law what it states, rather than only which status was missed. */
function restate(
  complaint: Complaint,
  { files }: Check,
  { step, response }: Evidence,
  { expectation }: Probe,
): Complaint {
  if (files !== 'hoped' || expectation.kind !== 'law' || !isAboutProbe(step, response.status))
    return complaint
  const other = refutedBy(step, response.status)?.law
  const law = laws.find(({ id }) => id === other) ?? expectation.law
  return { ...complaint, expected: `${complaint.expected}: ${law.statement}` }
}

function promiseOf(
  cell: string,
  { operation }: Step,
  documented: DocumentedResponse | undefined,
  { expectation }: Probe,
  { document }: Promises,
): Position {
  if (cell === expectation.id) return document.positionOf(expectation.promised)
  const status = cell.slice(operation.id.length + 1)
  const hoped = operation.responses.find((each) => each.status === status) ?? documented
  return document.positionOf(hoped?.promised ?? operation.pointer)
}
