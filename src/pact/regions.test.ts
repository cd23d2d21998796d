import { expect, test } from 'vitest'
import { loadSuite } from '../target/index.ts'
import { chooseRegions } from './index.ts'

const suite = await loadSuite('suites/control-plane.yaml')
const names = ['aws-us-east-1', 'aws-eu-west-1', 'aws-us-west-2', 'gcp-us-central1']

test('the regions of a suite are those of the targets that it runs', () => {
  expect(chooseRegions(suite, {})).toEqual(
    names.map((region) => ({ region, target: `reference/${region}`, embedded: true })),
  )
})

test('a remote target is a region, which the reference provider is not', () => {
  expect(chooseRegions(suite, { targets: names })).toEqual(
    names.map((region) => ({ region, target: region, embedded: false })),
  )
})

test('a region that is named goes before the suite, once', () => {
  expect(chooseRegions(suite, { regions: ['eu', 'eu'] })).toEqual([
    { region: 'eu', embedded: false },
  ])
})

test('a target that the suite does not have is an error, not a region less', () => {
  expect(() => chooseRegions(suite, { targets: ['aws-us-east-2'] })).toThrow(
    expect.objectContaining({ code: 'TARGET_UNKNOWN' }),
  )
})
