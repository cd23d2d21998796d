import type { Report } from './collect.ts'
import { type Group, groupBy, nameAll } from './naming.ts'

/** How long deleted credentials still worked in one region. */
export type RevocationLine = {
  readonly region: string
  /** After they were deleted in it; after they were deleted in others of its account. */
  readonly here: string
  readonly elsewhere: string
  readonly budget: string
}

/** What is told of one law about deleted credentials. */
export type Revocations = {
  readonly cell: string
  /** Those of the regions that took longest, at most so many as people read. */
  readonly lines: readonly RevocationLine[]
  readonly more: number
  /** The place of use and of deletion between which it took longest; nothing where there is one place only. */
  readonly worst: string
  /** What could not be measured, and why. */
  readonly unmeasured: readonly string[]
  /** Whether nothing was declared and nothing found, so that a word is enough. */
  readonly isPlain: boolean
}

type Row = Report['revocations'][number]

const most = 8

/** Tells how long deleted credentials still worked, per law and region; times are upper bounds. */
export function tellRevocations(report: Report): readonly Revocations[] {
  const { names } = nameAll(report)
  const nameOf = (target: string) => names.get(target) ?? target
  return groupBy(report.revocations, ({ expectation }) => expectation).map((rows) => {
    const regions = groupBy(rows, (row) => row.in).toSorted((a, b) => slowest(b) - slowest(a))
    return {
      cell: rows[0].expectation,
      lines: regions.slice(0, most).map((each) => lineOf(each, nameOf)),
      more: Math.max(0, regions.length - most),
      worst: worstOf(rows, nameOf),
      unmeasured: unmeasuredIn(rows, nameOf),
      isPlain: rows.every(isPlain),
    }
  })
}

/** One region in a sentence. */
export function tellRevocation({ region, here, elsewhere, budget }: RevocationLine): string {
  const parts = [
    ...(here === '' ? [] : [here]),
    ...(elsewhere === '' ? [] : [`deleted elsewhere ${elsewhere}`]),
  ]
  return `${region}: ${parts.join('; ')} (allowed: ${budget})`
}

/** All regions in a sentence, for where nothing is worth a line of its own. */
export function sumUp({ revocations }: Report, cell: string): string {
  const rows = revocations.filter(({ expectation }) => expectation === cell)
  const samples = rows.reduce((sum, row) => sum + row.samples, 0)
  return `at once: ${samples} were refused within ${slowest(rows)} ms of their deletion`
}

function isPlain({ account, budget, worked, open, unmeasured }: Row): boolean {
  return account === null && budget === null && worked === null && !open && unmeasured.length === 0
}

function slowest(rows: readonly Row[]): number {
  return Math.max(...rows.map(({ max }) => max ?? 0))
}

function lineOf(rows: Group<Row>, nameOf: (target: string) => string): RevocationLine {
  const [{ in: target, budget }] = rows
  return {
    region: nameOf(target),
    here: times(rows.filter(({ from }) => from === target)),
    elsewhere: times(rows.filter(({ from }) => from !== target)),
    budget: budget === null ? 'at once' : `${budget} ms`,
  }
}

/** `p50 3 ms, max 12 ms`; of several places of deletion the slowest. */
function times(rows: readonly Row[]): string {
  const measured = rows.filter(({ samples }) => samples > 0)
  if (measured.length === 0) return rows.length === 0 ? '' : 'not measured'
  const half = Math.max(...measured.map(({ p50 }) => p50 ?? 0))
  const isOpen = measured.some(({ open }) => open)
  return `p50 ${half} ms, ${isOpen ? 'over' : 'max'} ${slowest(measured)} ms`
}

function worstOf(rows: readonly Row[], nameOf: (target: string) => string): string {
  if (rows.length < 2) return ''
  const [worst] = rows.toSorted(
    (a, b) => Number(b.open) - Number(a.open) || (b.max ?? 0) - (a.max ?? 0),
  )
  if (worst === undefined || worst.max === null) return ''
  const { from, in: at, max, open } = worst
  const time = `${open ? 'over ' : ''}${max} ms in ${nameOf(at)}`
  return from === at ? time : `${time}, after it was deleted in ${nameOf(from)}`
}

function unmeasuredIn(rows: readonly Row[], nameOf: (target: string) => string): readonly string[] {
  const missing = rows.flatMap((row) => row.unmeasured.map((reason) => ({ reason, row })))
  return groupBy(missing, ({ reason }) => reason).map((group) => {
    const pairs = group.map(({ row }) => `${nameOf(row.from)} → ${nameOf(row.in)}`)
    const shown = pairs.slice(0, most).join(', ')
    const rest = pairs.length > most ? ` and ${pairs.length - most} more` : ''
    return `${shown}${rest}: ${group[0].reason}`
  })
}
