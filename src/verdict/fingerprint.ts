import { createHash } from 'node:crypto'

/** What a finding is about, whatever the run, the region and the answer that showed it. */
export type Identity = {
  /** The id of the expectation where it is filed. */
  readonly cell: string
  readonly check: string
  /** Which rule is broken, and how. */
  readonly rule: string
}

/** One sight of a finding: its fingerprint and, where it matters, the step of a probe that met it. */
export type Mark = { readonly fingerprint: string; readonly way?: string }

/** Says which step of which probe of an operation it was: `401/none: on what does not exist`. */
export function wayOf(operation: string, probe: string, step: string): string {
  const name = probe.startsWith(`${operation}/`) ? probe.slice(operation.length + 1) : probe
  const member = `${name.split('/').at(-1)}: `
  return `${name}: ${step.startsWith(member) ? step.slice(member.length) : step}`
}

/**
 * Names a finding in twelve hexadecimal digits: the same for the same rule broken in the same way,
 * whoever looks, when, where, and in which order.
 */
export function fingerprintOf({ cell, check, rule }: Identity): string {
  return createHash('sha256')
    .update(JSON.stringify([cell, check, rule]))
    .digest('hex')
    .slice(0, 12)
}

/**
 * A text without what may differ from answer to answer: numbers, and whatever looks like an id.
 *
 * A word with one short number in it stays a word, so that `ipv4` and `sha256` differ: `ipv#`, `sha#`.
 */
export function steady(text: string): string {
  return text.replaceAll(/[\w-]*\d[\w-]*/g, (word) => {
    const numbers = word.match(/\d+/g) ?? []
    return numbers.length === 1 && word.length < 16 ? word.replace(/\d+/, '#') : '*'
  })
}
