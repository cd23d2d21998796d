import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { loadSource, parseSource, type Source } from '../document/index.ts'
import { AssayError } from '../errors.ts'
import { compileSchema } from '../schema/index.ts'
import { type FileKind, refuse, utcDay } from '../target/index.ts'
import { unfilledSchema } from './baseline-schema.ts'
import type { Baseline, Entry } from './entry.ts'

export type LoadBaselineOptions = {
  /** The folder that a relative path starts from; default: the working directory. */
  readonly base?: string | undefined
  /** The day (UTC) by which an expiry is too far away; default: today. */
  readonly today?: string | undefined
  /** Whether it is to be written anew: then it need not exist, and may lack what people fill in. */
  readonly update?: boolean | undefined
}

/** So many days ahead an entry may expire: what is known for longer is no exception. */
const longest = 366

const baselineFile: FileKind = {
  name: 'a baseline',
  schema: unfilledSchema,
  published: 'schemas/baseline.schema.json',
  invalid: 'BASELINE_INVALID',
  unknownKey: 'BASELINE_UNKNOWN_KEY',
}

/**
 * Reads a baseline.
 *
 * @throws AssayError BASELINE_UNKNOWN_KEY with the nearest known key; BASELINE_INVALID for a wrong shape,
 * a missing owner, reason or expiry, one that is more than a year away, and for the same fingerprint
 * twice; and what `loadSource` throws
 */
export async function loadBaseline(
  location: string,
  { base, today = utcDay(), update = false }: LoadBaselineOptions = {},
): Promise<Baseline> {
  const source = await read(location, base, update)
  const violations = (await compileSchema(unfilledSchema))(source.value)
  if (violations.length > 0) throw refuse(source, violations, baselineFile)
  const { entries: written } = source.value as { readonly entries: readonly Partial<Entry>[] }
  const entries = written.map(complete)
  refuseDoubled(source, entries)
  refuseFarAway(source, entries, utcDay(new Date(`${today}T00:00:00Z`), longest))
  if (!update) refuseUnfilled(source, entries)
  const places = new Map(entries.map((entry, index) => [entry, `/entries/${index}`]))
  return {
    file: source.name,
    entries,
    text: source.text,
    value: source.value as Baseline['value'],
    ...(source.text === head ? { isNew: true } : {}),
    positionOf: (entry) => source.positionOf(places.get(entry) ?? ''),
  }
}

async function read(location: string, base: string | undefined, update: boolean): Promise<Source> {
  try {
    return await loadSource(location, { base })
  } catch (error) {
    const isAbsent = error instanceof AssayError && /^SOURCE_(NOT_FOUND|EMPTY)$/.test(error.code)
    if (!isAbsent) throw error
    const file = path.resolve(base ?? '', location)
    const name = path.isAbsolute(location) ? location : path.relative('', file)
    if (update && error.code === 'SOURCE_NOT_FOUND') return parseSource(head, name)
    if (update) return parseSource(`${await readFile(file, 'utf8')}\n${empty}`, name)
    const hint = error.hint ?? '--baseline-update writes one'
    throw new AssayError(error.code, error.message, { at: error.at, hint })
  }
}

const empty = 'baseline: 1\nentries: []\n'

/** How a file that does not exist yet begins. */
const head = `# yaml-language-server: $schema=node_modules/assay/schemas/baseline.schema.json
# Findings that are known. An entry holds once it says who answers for it, why, and until when.
${empty}`

/** What people have to say of an entry, and how to say it. */
const answers = {
  owner: 'say who sees to it',
  reason: 'say why it is left as it is',
  expires: 'say until which day, such as 2030-12-31',
} as const

function refuseUnfilled(source: Source, entries: readonly Entry[]): void {
  entries.forEach((entry, index) => {
    for (const [name, hint] of Object.entries(answers)) {
      if (entry[name as keyof typeof answers] !== null) continue
      const message = `the entry ${entry.fingerprint} has no ${name}`
      const at = source.positionOf(`/entries/${index}/${name}`)
      throw new AssayError('BASELINE_INVALID', message, { at, hint })
    }
  })
}

function complete(entry: Partial<Entry>): Entry {
  const text = (value: string | null | undefined) => (value?.trim() ? value : null)
  const { owner, reason, expires } = entry
  return {
    ...(entry as Entry),
    owner: text(owner),
    reason: text(reason),
    expires: text(expires),
  }
}

function refuseDoubled(source: Source, entries: readonly Entry[]): void {
  const places = new Map<string, number>()
  entries.forEach(({ fingerprint }, index) => {
    const first = places.get(fingerprint)
    places.set(fingerprint, index)
    if (first === undefined) return
    const { line } = source.positionOf(`/entries/${first}`)
    throw new AssayError('BASELINE_INVALID', `the entry ${fingerprint} stands twice`, {
      at: source.positionOf(`/entries/${index}`),
      hint: `keep one of them, with the targets of both; the first stands in line ${line}`,
    })
  })
}

function refuseFarAway(source: Source, entries: readonly Entry[], last: string): void {
  const index = entries.findIndex(({ expires }) => expires !== null && expires > last)
  const entry = entries[index]
  if (entry === undefined) return
  const message = `the entry ${entry.fingerprint} expires on ${entry.expires}, more than a year ahead`
  throw new AssayError('BASELINE_INVALID', message, {
    at: source.positionOf(`/entries/${index}/expires`),
    hint: `name a day up to ${last}; what is meant to stay is a matter of the document`,
  })
}
