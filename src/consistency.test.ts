import { expect, it } from 'vitest'
import { lookAtAccount as look, type Place } from './fixtures/look-at-account.ts'

const lags: Place = { learnsAfter: 150, forgetsAfter: 150 }
const says = { consistencyWindow: 700 }

it('the old state is excused within the declared window, and a remark says how far it went', async () => {
  const { red, report, left } = await look({ one: { ...lags, says } }, { all: true })
  expect(red).toEqual([])
  expect(left).toEqual([])
  expect(report.remarks).toHaveLength(1)
  const [, ms] = /up to (\d+) ms of the allowed 700 ms/.exec(report.remarks[0]?.text ?? '') ?? []
  expect(Number(ms)).toBeGreaterThanOrEqual(150)
})

it('without a window, the same is found', async () => {
  const { red, report } = await look({ one: lags }, { all: true })
  expect(red).toContain('one 200 fail')
  expect(report.remarks).toEqual([])
})

it('beyond the window, the old state is found as ever', async () => {
  const late = { learnsAfter: 900, says: { consistencyWindow: 200 } }
  const { red } = await look({ one: late }, { all: true })
  expect(red).toContain('one 200 fail')
})

it('what is deleted comes back to nobody: a second deletion waits for the window to be over', async () => {
  const stays = { forgetsAfter: 100_000, says: { consistencyWindow: 200 } }
  const { red } = await look({ one: stays }, { status: 'deleted-stays-deleted' })
  expect(red).toEqual(['one deleted-stays-deleted fail'])
  const twice = { deletesAtSecond: true, says: { consistencyWindow: 200 } }
  const other = await look({ one: twice }, { status: 'deleted-stays-deleted' })
  expect(other.red).toEqual(['one deleted-stays-deleted fail'])
})

it('what is neither the old nor the new state is found at once, window or not', async () => {
  const fails = { learnsAfter: 300, meanwhile: 500, says: { consistencyWindow: 5000 } }
  const { red } = await look({ one: fails }, { status: '200' })
  expect(red).toEqual(['one 200 fail'])
})

it('a region that keeps up is asked once more only to be sure that nothing is left', async () => {
  const [patient, hasty] = await Promise.all([
    look({ one: { says } }, { status: '200' }),
    look({ one: {} }, { status: '200' }),
  ])
  expect(patient.red).toEqual([])
  expect(patient.report.remarks).toEqual([])
  expect(patient.report.requests).toBe(hasty.report.requests + 1)
})
