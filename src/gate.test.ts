import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createGate } from './gate.ts'

/** Runs work that notes when it begins and ends. */
function noting() {
  const notes: string[] = []
  const work = (name: string) => async () => {
    notes.push(`+${name}`)
    await setTimeout(5)
    notes.push(`-${name}`)
    if (name.startsWith('bad')) throw new Error(name)
    return name
  }
  return { notes, work }
}

test('what passes alone waits for what runs, and what comes later waits for it', async () => {
  const gate = createGate()
  const { notes, work } = noting()
  const passed = await Promise.all([
    gate.together(work('a')),
    gate.together(work('b')),
    gate.alone(work('c')),
    gate.alone(work('d')),
    gate.together(work('e')),
    gate.together(work('f')),
  ])
  expect(passed).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
  expect(notes.join(' ')).toBe('+a +b -a -b +c -c +d -d +e +f -e -f')
})

test('work that fails lets the next pass, alone or together', async () => {
  const gate = createGate()
  const { notes, work } = noting()
  const passed = await Promise.allSettled([
    gate.together(work('bad1')),
    gate.alone(work('bad2')),
    gate.alone(work('c')),
    gate.together(work('d')),
  ])
  expect(passed.map(({ status }) => status)).toEqual([
    'rejected',
    'rejected',
    'fulfilled',
    'fulfilled',
  ])
  expect(notes.join(' ')).toBe('+bad1 -bad1 +bad2 -bad2 +c -c +d -d')
})
