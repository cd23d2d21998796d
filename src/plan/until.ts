import type { StatusPattern, Step } from './script.ts'

/**
 * What a step waits for: a change that was made before it and may take the time that its target declares.
 *
 * Until then the old state may be answered, and nothing else; whatever acts is not repeated on it.
 */
export type Until = {
  /** Which of the times that a target declares. */
  readonly within: 'revocationBudget' | 'consistencyWindow'
  /** How the old state is answered. */
  readonly before: readonly StatusPattern[]
  /** When it begins: once the states are arranged, or at the last change since. Default: `changed`. */
  readonly since?: 'arranged' | 'changed'
  /**
   * What was done, in words that `12 ms before` may follow. Then how long it takes is measured, whether a
   * time is declared or not.
   */
  readonly what?: string
  /** Whether a law judges how long it takes, so that only what never comes counts here. */
  readonly isToldElsewhere?: boolean
}

/**
 * What a step waits for: what its script says, else that the resources and credentials which were
 * arranged for it have arrived.
 */
export function untilOf(step: Step): Until | undefined {
  if (step.until !== undefined) return step.until
  const before = [...unknownCredential(step), ...unknownResource(step)]
  return before.length === 0
    ? undefined
    : { within: 'consistencyWindow', before, since: 'arranged' }
}

function unknownCredential({ use, expect }: Step): readonly StatusPattern[] {
  return use.kind === 'given' && !expect.some((each) => covers(each, '401')) ? ['401'] : []
}

/** Only where the step hopes to find what it names. */
function unknownResource({ path, expect, copies }: Step): readonly StatusPattern[] {
  const names = Object.values(path).some(({ kind }) => kind === 'given')
  if (!names || !/^[25]/.test(expect[0] ?? '') || copies?.inTurn === 0) return []
  return ['404', '410'].filter((status) => !expect.some((each) => covers(each, status)))
}

function covers(pattern: StatusPattern, status: string): boolean {
  return pattern === status || pattern === `${status[0]}XX`
}
