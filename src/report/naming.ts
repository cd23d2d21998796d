import type { Report, ReportExpectation } from './collect.ts'

/** What is needed to name the targets and expectations of a report. */
export type Names = {
  readonly report: Report
  /** How each target is called in this report: by its region, where that is unique. */
  readonly names: ReadonlyMap<string, string>
  readonly known: ReadonlyMap<string, ReportExpectation>
}

export function nameAll(report: Report): Names {
  return {
    report,
    names: nameTargets(report),
    known: new Map(report.expectations.map((each) => [each.id, each])),
  }
}

export function cellsOf(group: readonly { readonly cell: string }[]): readonly string[] {
  return [...new Set(group.map(({ cell }) => cell))]
}

export function isOneOperation(cells: readonly string[], { known }: Names): boolean {
  return new Set(cells.map((id) => known.get(id)?.operation)).size === 1
}

/** Expectations of one operation: `DELETE /api/tokens/{id} → 200, 404`. */
export function titleOf(cells: readonly string[], { report, known }: Names): string {
  const found = cells.flatMap((id) => known.get(id) ?? [])
  const [first] = found
  if (first === undefined) return list(cells)
  const all = report.expectations.filter(({ operation }) => operation === first.operation)
  const names = found.map(({ name }) => name)
  const whole = found.length === all.length && all.length > 1
  return `${first.method} ${first.path} → ${whole ? 'everything' : list(names)}`
}

export function namesOf(cells: readonly string[], all: Names): string {
  return isOneOperation(cells, all) ? titleOf(cells, all) : list(cells)
}

export function where(
  seen: readonly { readonly target: string }[],
  { report, names }: Names,
): string {
  const found = [...new Set(seen.map(({ target }) => names.get(target) ?? target))]
  if (report.targets.length === 1) return `in ${found[0]}`
  if (found.length === report.targets.length) return 'in every region'
  return `in ${list(found)} (${found.length} of ${report.targets.length})`
}

/** Tells a reason without the address of its target, so that several targets can share it. */
export function reasonsWithoutPlace(
  report: Report,
): (each: { readonly target: string; readonly reason: string }) => string {
  const origins = new Map(
    report.targets.map(({ name, baseUrl }) => [
      name,
      URL.canParse(baseUrl) ? new URL(baseUrl).origin : baseUrl,
    ]),
  )
  return ({ target, reason }) => reason.replaceAll(origins.get(target) ?? '', '').trim()
}

export function list(names: readonly string[], most = 6): string {
  const shown = names.slice(0, most).join(', ')
  return names.length <= most ? shown : `${shown} and ${names.length - most} more`
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

export type Group<T> = readonly [T, ...T[]]

/** Puts together what has the same key, in the order in which the keys first come. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): readonly Group<T>[] {
  const groups = new Map<string, [T, ...T[]]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return [...groups.values()]
}

function nameTargets({ targets }: Report): ReadonlyMap<string, string> {
  const regions = targets.map(({ region }) => region)
  const unique = new Set(regions).size === regions.length
  return new Map(targets.map(({ name, region }) => [name, unique ? region : name]))
}
