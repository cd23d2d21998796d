import type { Drawn, Portrait } from './portrait.ts'
import { readRanges, writeRanges } from './ranges.ts'
import { createTimes, joinTimes, type Times } from './times.ts'

/**
 * How targets answered, so that answers of other runs can be joined to it and all be compared: a
 * plain value, which holds no id, text or number of a body. Targets are indices of `targets`.
 */
export type Answers = {
  readonly targets: readonly string[]
  readonly portraits: readonly Portrait[]
  readonly seen: readonly Seen[]
  readonly times: Times
}

/** How one step of one probe was answered. */
export type Seen = StepName & { readonly by: readonly Likeness[] }

type StepName = {
  /** The expectation that the probe is about. */
  readonly expectation: string
  readonly probe: string
  readonly step: string
  /** Whether the step takes several statuses as they come. */
  readonly several?: true
}

/** The targets, such as `0-3,7`, one of whose answers looks like a portrait. */
export type Likeness = { readonly portrait: number; readonly targets: string }

/** A probe, and the expectation that it is about. */
type ProbeName = { readonly id: string; readonly expectation: { readonly id: string } }

/** Gathers how targets answer while they are looked at. */
export type Gathering = {
  note(target: string, probe: ProbeName, answers: readonly Drawn[]): void
  /** Shell lines that show an answer of that look, if they are known. */
  reproduce(probe: string, step: string, portrait: Portrait): readonly string[]
  answers(): Answers
}

/** A target that answers one step in more ways shows nothing by it. */
const mostWays = 3

/** Ways in which all targets together may answer one step, and all steps. */
const mostPerStep = 64
const mostPortraits = 20_000

/** Gathers answers; what looks alike is kept once, and never so much that a hostile target could fill the memory. */
export function gatherAnswers(targets: readonly string[]): Gathering {
  const places = new Map(targets.map((name, index) => [name, index]))
  const album = openAlbum()
  const again = new Map<string, readonly string[]>()
  const restless = new Map<Page, Set<number>>()
  const times = createTimes(targets.length)

  function keep(target: number, page: Page, { portrait, reproduce }: Drawn): void {
    const id = album.find(portrait)
    if (page.by.get(id)?.has(target) === true || restless.get(page)?.has(target) === true) return
    const isNew = !page.by.has(id)
    const ways = [...page.by.values()].filter((by) => by.has(target)).length
    const isFull = isNew && (page.by.size >= mostPerStep || album.size() >= mostPortraits)
    if (ways >= mostWays || isFull) {
      restless.set(page, (restless.get(page) ?? new Set()).add(target))
      return
    }
    const kept = album.keep(portrait)
    page.by.set(kept, (page.by.get(kept) ?? new Set()).add(target))
    if (isNew) again.set(againKey(page.name.probe, page.name.step, kept), reproduce())
  }

  return {
    note(name, { id, expectation }, answers) {
      const target = places.get(name)
      if (target === undefined) return
      for (const drawn of answers) {
        const { step, several, portrait, ms } = drawn
        if (ms !== undefined) times.note(target, portrait.cell, ms)
        const named = { expectation: expectation.id, probe: id, step }
        keep(target, album.page(several ? { ...named, several } : named), drawn)
      }
    },
    reproduce: (probe, step, portrait) =>
      again.get(againKey(probe, step, album.find(portrait))) ?? [],
    answers() {
      for (const [page, unsteady] of restless)
        for (const by of page.by.values()) for (const target of unsteady) by.delete(target)
      return { targets, ...album.list(), times: times.list() }
    },
  }
}

/**
 * Joins what several runs saw, so that it can be compared as if one had seen it all.
 *
 * A target may be in several of them, each with other steps.
 */
export function joinAnswers(all: readonly Answers[]): Answers {
  const targets = [...new Set(all.flatMap((each) => each.targets))]
  const places = new Map(targets.map((name, index) => [name, index]))
  const album = openAlbum()
  for (const answers of all) {
    const moved = answers.targets.map((name) => places.get(name) ?? -1)
    for (const { by, ...name } of answers.seen) {
      const page = album.page(name)
      for (const likeness of by) {
        const portrait = answers.portraits[likeness.portrait]
        if (portrait === undefined) continue
        const id = album.keep(portrait)
        const known = page.by.get(id) ?? new Set()
        for (const target of readRanges(likeness.targets)) known.add(moved[target] ?? -1)
        page.by.set(id, known)
      }
    }
  }
  return { targets, ...album.list(), times: joinTimes(all, targets) }
}

/** One step, and by portrait who answered it so. */
type Page = { readonly name: StepName; readonly by: Map<number, Set<number>> }

/** Keeps each portrait once. */
function openAlbum() {
  const portraits: Portrait[] = []
  const ids = new Map<string, number>()
  const pages = new Map<string, Page>()

  function find(portrait: Portrait): number {
    return ids.get(JSON.stringify(portrait)) ?? -1
  }

  return {
    size: () => portraits.length,
    /** The number of a portrait; -1: it is not kept. */
    find,
    keep(portrait: Portrait): number {
      const known = find(portrait)
      if (known !== -1) return known
      ids.set(JSON.stringify(portrait), portraits.length)
      return portraits.push(portrait) - 1
    },
    page(name: StepName): Page {
      const key = keyOf(name)
      const page = pages.get(key) ?? { name, by: new Map() }
      pages.set(key, page)
      return page
    },
    list: () => inOrder(portraits, [...pages.values()]),
  }
}

/** Leaves out what nobody answered, and puts all in an order that does not depend on who came first. */
function inOrder(
  portraits: readonly Portrait[],
  pages: readonly Page[],
): Pick<Answers, 'portraits' | 'seen'> {
  const kept = new Set(
    pages.flatMap(({ by }) => [...by].flatMap(([id, targets]) => (targets.size > 0 ? [id] : []))),
  )
  const order = [...kept]
    .map((id) => ({ id, portrait: portraits[id], text: JSON.stringify(portraits[id]) }))
    .sort((a, b) => (a.text < b.text ? -1 : 1))
  const moved = new Map(order.map(({ id }, index) => [id, index]))
  return {
    portraits: order.flatMap(({ portrait }) => portrait ?? []),
    seen: pages
      .map(({ name, by }) => ({
        ...name,
        by: [...by]
          .filter(([, targets]) => targets.size > 0)
          .map(([id, targets]) => ({
            portrait: moved.get(id) ?? -1,
            targets: writeRanges([...targets]),
          }))
          .sort((a, b) => a.portrait - b.portrait),
      }))
      .filter(({ by }) => by.length > 0)
      .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
  }
}

function keyOf({ probe, step }: Pick<StepName, 'probe' | 'step'>): string {
  return `${probe}\n${step}`
}

function againKey(probe: string, step: string, portrait: number): string {
  return `${portrait}\n${keyOf({ probe, step })}`
}
