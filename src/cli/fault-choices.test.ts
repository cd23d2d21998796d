import { expect, test } from 'vitest'
import { repertoire } from '../provider/index.ts'
import { chooseFaults, listFaults } from './fault-choices.ts'
import { duration } from './options.ts'

const known = [...repertoire.values()].flat()
const choose = (faults: string[], faultRegions: string[] = []) =>
  chooseFaults({ faults, faultRegions, regions: ['east', 'west', 'south'], known })

test('a fault goes everywhere, to the named regions, or to its own', async () => {
  expect(await choose(['gzip', 'dies=3'])).toEqual([{ name: 'gzip' }, { name: 'dies', amount: 3 }])
  expect(await choose(['gzip', 'dies=3@south', 'slows@east'], ['east', 'west'])).toEqual([
    { name: 'gzip', region: 'east' },
    { name: 'gzip', region: 'west' },
    { name: 'dies', amount: 3, region: 'south' },
    { name: 'slows', region: 'east' },
  ])
})

test.each<[given: string[], regions: string[], message: string, hint: string]>([
  [['gzp'], [], 'there is no fault "gzp"', 'did you mean "gzip"?'],
  [[''], [], 'there is no fault ""', 'assay provider --list lists the faults'],
  [['gzip@est'], [], 'there is no region "est"', 'did you mean "east"?'],
  [['gzip'], ['mars-with-its-moons'], 'there is no region', 'there are east, west, south'],
  [['gzip=3'], [], 'the fault "gzip" has no amount', '--list'],
  [['dies=many'], [], '"many" is no amount of answers', 'usual is dies=40'],
  [['dies='], [], '"" is no amount of answers', 'usual is dies=40'],
  [[], ['east'], '--fault-region says where, and no --fault says what', ''],
])('%j at %j is refused', async (given, regions, message, hint) => {
  const error = await choose(given, regions).catch((caught: unknown) => caught)
  expect(error).toMatchObject({ code: 'USAGE', message: expect.stringContaining(message) })
  if (hint !== '') expect(error).toMatchObject({ hint: expect.stringContaining(hint) })
})

test('the list has everything, by kind, with its statement and usual amount', () => {
  const text = listFaults(repertoire)
  expect(text.split('\n\n')).toHaveLength(repertoire.size)
  for (const { name, statement } of known) expect(text).toMatch(`  ${name.padEnd(42)}${statement}`)
  expect(text).toMatch(/^hardships\n {2}slows .*\(=10 times as slow\)\n/m)
})

test('a time is milliseconds unless it says otherwise', () => {
  expect(['80ms', '2s', '1.5s', '80', '0'].map(duration)).toEqual([80, 2000, 1500, 80, 0])
  for (const text of ['', 'ms', '-1', '2m', '80 ms']) expect(() => duration(text)).toThrow('80ms')
})
