import { expect, it } from 'vitest'
import { gather, originsOf } from './company.ts'
import type { Reach } from './send-step.ts'
import type { Target } from './target/index.ts'

const of = (account: string | undefined, ...names: string[]) =>
  names.map((name) => ({ name, account }) as Target)
const namesOf = (targets: readonly Target[]) => targets.map(({ name }) => name)

it('a target that names no account, or one that nobody shares, has no origins', () => {
  const targets = [...of(undefined, 'a', 'b'), ...of('mine', 'c')]
  expect(targets.map((each) => originsOf(each, targets))).toEqual([[], [], []])
})

it('up to four of an account look at each other', () => {
  const targets = [...of('one', 'a', 'b', 'c', 'd'), ...of('two', 'e', 'f')]
  expect(targets.map((each) => namesOf(originsOf(each, targets)).sort().join(''))).toEqual([
    ...['bcd', 'acd', 'abd', 'abc'],
    ...['f', 'e'],
  ])
})

it('of more, each looks at the three before it and is looked at by the three behind it', () => {
  const names = Array.from({ length: 100 }, (_, index) => `r${index}`)
  const targets = of('one', ...names)
  const origins = new Map(targets.map((each) => [each.name, namesOf(originsOf(each, targets))]))
  expect(origins.get('r0')).toEqual(['r99', 'r98', 'r97'])
  expect(origins.get('r50')).toEqual(['r49', 'r48', 'r47'])
  for (const name of names)
    expect([...origins.values()].filter((each) => each.includes(name))).toHaveLength(3)
})

it('nobody is left before all who look at it have, and one that failed keeps nobody waiting', async () => {
  const targets = of('one', 'a', 'b', 'c')
  const company = gather(targets)
  const [a, b, c] = targets.map((target) => company.join({ target } as Reach))
  const events: string[] = []
  const goes = async (name: string, member: typeof a) => {
    await member?.looked()
    events.push(`${name} looks`)
    await member?.left()
    events.push(`${name} is left`)
  }
  const all = [goes('a', a), goes('b', b)]
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(events).toEqual([])
  c?.end()
  await Promise.all(all)
  expect(events.slice(0, 2).sort()).toEqual(['a looks', 'b looks'])
  expect(events.slice(2).sort()).toEqual(['a is left', 'b is left'])
})
