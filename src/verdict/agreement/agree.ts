import type { Level } from '../evidence.ts'
import { fingerprintOf } from '../fingerprint.ts'
import type { Known } from '../known.ts'
import type { Answers, Gathering } from './answers.ts'
import { compareAnswers, type Met } from './compare-answers.ts'
import { compareTimes } from './compare-times.ts'
import { type Judged, readStanding } from './standing.ts'

/** One way in which targets do not agree, however often it was met. */
export type Disagreement = {
  readonly aspect: Met['aspect'] | 'latency'
  readonly level: Level
  /**
   * What a baseline knows it by, one for each expectation: the same for the same difference there,
   * whoever looks. None: it cannot be known, because it stands for many or is about a target as a whole.
   */
  readonly fingerprints: readonly string[]
  /** The expectations where it was met; none: it is about a target as a whole. */
  readonly expectations: readonly string[]
  /** The targets that stand against the majority; none: there is none, and nobody is accused. */
  readonly odd: readonly string[]
  /** What was answered, and by which targets; the majority first. */
  readonly answers: readonly Heard[]
  /** The probe and its step that met it first; of latency there is none. */
  readonly probe?: string
  readonly step?: string
  /** Shell lines that show an odd answer. */
  readonly reproduce: readonly string[]
  /** How many steps met it. */
  readonly times: number
  /** Who answers for it, where a baseline knows it; it makes nothing red then. */
  readonly known?: Known
  /** Why the entry that a baseline has of it does not apply. */
  readonly notKnown?: string
}

export type Heard = { readonly received: string; readonly targets: readonly string[] }

/** What region agreement proves, as a check does. */
export const regionAgreement = {
  id: 'region-agreement',
  level: 'must',
  proves:
    'the same request is answered alike by every target, whatever the ids, dates, numbers and texts: status, media type, which members a JSON body has and of which type, the headers by which clients act, and the time. Compared are answers to the same step of the same probe, of targets that answered it as promised. More than half of at least three targets are a majority, and the others are named; without one, nobody is accused. Null, an empty list, members of maps, items of lists and what others made (members of what a GET tells of anything but an own resource) are data. `must` are status, media type and what the document describes as one thing; `should` are members that it does not mention or leaves open, headers, statuses of steps that take several, and the time. A target is out of line when the lower quartile of its times at an expectation, beyond its own fastest answer, is three times and 100 ms above the upper quartiles of the majority; so distance and jitter are no fault. It is slow as a whole when its fastest answer is three times and 500 ms above what the majority answers at their quickest expectation',
  source: 'the document, which describes one API however many servers it has',
  example: {
    expected: '/data/message: string, as in aws-us-east-1, aws-us-west-2, gcp-us-central1',
    received: 'no /data/message',
  },
  cure: 'see which version the odd target runs, and how its edge is configured. What is meant to differ is no one API: give it a suite of its own.',
} as const

/** So many differences of a kind are told by themselves, and all others as one. */
const most = 10

/**
 * Compares how targets answered: the third fold, after `judge` and `conclude`.
 *
 * Only answers to the same step of the same probe are compared, and only of targets that answered
 * there as promised: what is broken is said by its finding, and outvotes nobody.
 *
 * @param verdicts of all targets; what is not among them passed without a finding
 * @param reproduce gives the shell lines that show an answer again
 */
export function agree(
  answers: Answers,
  verdicts: readonly Judged[],
  reproduce: Gathering['reproduce'] = () => [],
): readonly Disagreement[] {
  const standing = readStanding(answers.targets, verdicts)
  const name = (target: number) => answers.targets[target] ?? ''
  const met = answers.seen.flatMap((seen) =>
    seen.by.length < 2 ? [] : compareAnswers(seen, answers, standing),
  )
  const differences = fold(met).map((group): Disagreement => {
    const [{ aspect, level, groups, odd, seen, shown }] = group
    const expectations = unique(group.map(({ cell }) => cell))
    return {
      aspect,
      level,
      fingerprints: isRest(group)
        ? []
        : nameAt(expectations, [aspect, ...groups.map(({ claim }) => claim).toSorted()]),
      expectations,
      odd: odd.map(name),
      answers: groups.map(({ claim }, index) => ({
        received: claim,
        targets: unique(group.flatMap((each) => each.groups[index]?.targets ?? []))
          .toSorted((a, b) => a - b)
          .map(name),
      })),
      probe: seen.probe,
      step: seen.step,
      reproduce: shown === undefined ? [] : reproduce(seen.probe, seen.step, shown),
      times: group.length,
    }
  })
  const slow = compareTimes(answers, standing).map(
    ({ target, others, expectations, received, usual }): Disagreement => ({
      aspect: 'latency',
      level: 'should',
      fingerprints: nameAt(expectations, ['latency']),
      expectations,
      odd: [name(target)],
      answers: [
        { received: usual, targets: others.map(name) },
        { received, targets: [name(target)] },
      ],
      reproduce: [],
      times: Math.max(1, expectations.length),
    }),
  )
  const all = [...differences, ...slow]
  return [
    ...all.filter(({ level }) => level === 'must'),
    ...all.filter(({ level }) => level === 'should'),
  ]
}

/** Whether it makes a run red. */
export function isRed(
  { level, known }: Pick<Disagreement, 'level' | 'known'>,
  strict: boolean | undefined,
): boolean {
  return known === undefined && (level === 'must' || strict === true)
}

/** The targets that it is held against: the odd ones, or all where there is no majority. */
export function heldAgainst({ odd, answers }: Disagreement): readonly string[] {
  return odd.length > 0 ? odd : answers.flatMap(({ targets }) => targets)
}

function nameAt(expectations: readonly string[], claims: readonly string[]): readonly string[] {
  const rule = JSON.stringify(claims)
  return expectations.map((cell) => fingerprintOf({ cell, check: regionAgreement.id, rule }))
}

type Group = readonly [Met, ...Met[]]

/** Puts together what is the same difference, wherever it was met; of many, the rest is one. */
function fold(met: readonly Met[]): readonly Group[] {
  const kinds = new Map<string, number>()
  const groups = new Map<string, [Met, ...Met[]]>()
  for (const each of met) {
    const { aspect, level, odd } = each
    const sides = odd.length > 0 ? odd : each.groups.map(({ targets }) => targets)
    const kind = JSON.stringify([aspect, level, sides])
    const key = `${kind} ${JSON.stringify(each.groups.map(({ claim }) => claim))}`
    const known = groups.get(key) ?? groups.get(kind)
    if (known !== undefined) {
      known.push(each)
      continue
    }
    const told = (kinds.get(kind) ?? 0) + 1
    kinds.set(kind, told)
    if (told <= most) groups.set(key, [each])
    else groups.set(kind, [{ ...each, groups: each.groups.map(others) }])
  }
  return [...groups.values()]
}

const inManyWays = 'otherwise, and in more than ten ways'

function others({ targets }: Met['groups'][number]) {
  return { targets, claim: inManyWays }
}

/** Whether it stands for all that differs in so many ways that they are not told one by one. */
function isRest([{ groups }]: Group): boolean {
  return groups.some(({ claim }) => claim === inManyWays)
}

function unique<T>(all: readonly T[]): readonly T[] {
  return [...new Set(all)]
}
