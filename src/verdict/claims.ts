import { type Claim, matchesStatus, weigh } from '../plan/index.ts'
import { describeAnswer } from './describe-answer.ts'
import type { Complaint } from './evidence.ts'
import type { Sent, Trace } from './trace.ts'

/** What the answers of a trace show together that they should not, each said of the last one concerned. */
export function judgeClaims(trace: Trace): ReadonlyMap<Sent, readonly Complaint[]> {
  const told = new Map<Sent, readonly Complaint[]>()
  for (const claim of trace.probe.script.claims ?? []) {
    const found = judgeClaim(claim, trace)
    if (found !== undefined)
      told.set(found.last, [...(told.get(found.last) ?? []), found.complaint])
  }
  return told
}

type Found = { readonly last: Sent; readonly complaint: Complaint } | undefined

function judgeClaim(claim: Claim, trace: Trace): Found {
  switch (claim.kind) {
    case 'one-of-each':
      return oneOfEach(claim, trace)
    case 'same-content':
      return sameContent(claim, trace)
    default:
      return sameAnswer(claim, trace)
  }
}

/** Only where each copy got an answer that is claimed by some; any other is a surprise by itself. */
function oneOfEach(claim: Claim & { kind: 'one-of-each' }, { steps }: Trace): Found {
  const copies = steps.filter(({ step }) => step.name === claim.step)
  const last = copies.at(-1)
  if (last === undefined || copies.length < claim.answers.length) return undefined
  const claimedBy = copies.map((copy) =>
    claim.answers.findIndex((patterns) => patterns.some((pattern) => isAnswered(copy, pattern))),
  )
  const isMet = claim.answers.every((_, index) => claimedBy.includes(index))
  if (isMet || claimedBy.includes(-1)) return undefined
  return {
    last,
    complaint: {
      expected: claim.answers.map(([first]) => `one ${first}`).join(' and '),
      because: claim.because,
      received: copies.map(statusOf).join(' and '),
      rule: claim.kind,
      level: 'should',
    },
  }
}

function sameAnswer(claim: Claim & { kind: 'same-answer' }, { steps }: Trace): Found {
  const [one, other] = claim.steps.map((name) => steps.find(({ step }) => step.name === name))
  if (one?.exchange.kind !== 'answered' || other?.exchange.kind !== 'answered') return undefined
  if (!areExpected([one, other])) return undefined
  const wanted = describeAnswer(one.exchange.response)
  const received = describeAnswer(other.exchange.response)
  if (wanted === received) return undefined
  const { because } = claim
  const rule = JSON.stringify([claim.kind, ...claim.steps])
  return { last: other, complaint: { expected: wanted, because, received, rule } }
}

/** Whether the answers are those that were hoped for; else the surprise says enough. */
function areExpected(answers: readonly Sent[]): boolean {
  return answers.every(
    ({ step, exchange }) =>
      exchange.kind === 'answered' && weigh(step, exchange.response.status) === 'expected',
  )
}

/** What was read is not shown: it may be anybody's. */
function sameContent(claim: Claim & { kind: 'same-content' }, { steps }: Trace): Found {
  const [was, stillWas, then] = claim.steps.map((name) =>
    steps.find(({ step }) => step.name === name),
  )
  if (was === undefined || stillWas === undefined || then === undefined) return undefined
  if (!areExpected([was, stillWas, then])) return undefined
  const [first, second, third] = [was, stillWas, then].map(contentOf)
  if (first !== second || second === third) return undefined
  const { because } = claim
  return {
    last: then,
    complaint: {
      expected: 'the same content as before',
      because,
      received: 'other content',
      rule: claim.kind,
    },
  }
}

function contentOf({ exchange }: Sent): string {
  return exchange.kind === 'answered' ? Buffer.from(exchange.response.body).toString('base64') : ''
}

function isAnswered({ step, exchange }: Sent, pattern: string): boolean {
  return (
    exchange.kind === 'answered' && matchesStatus(step.operation, pattern, exchange.response.status)
  )
}

function statusOf({ exchange }: Sent): string {
  return exchange.kind === 'answered' ? String(exchange.response.status) : exchange.reason
}
