import { expect, it } from 'vitest'
import { untilOf } from '../plan/index.ts'
import { existing, planOne } from './fixtures/plan.ts'

it('what is waited for is the old state: of what was made, of new keys, of what was deleted', async () => {
  const { probe } = await planOne({
    method: 'delete',
    statuses: ['200', '401', '404', '500'],
    roles: { existing, refused: { state: 'revoked', credential: 'key' } },
  })
  const waits = (name: string) =>
    probe(name).script.steps.map((step) => {
      const until = untilOf(step)
      return until === undefined ? '-' : `${until.before.join(' ')} ${until.within}`
    })
  const made = '404 410 consistencyWindow'
  const revoked = '404 410 revocationBudget'
  expect(waits('200/valid')).toEqual([made])
  expect(waits('404/absent')).toEqual(['-'])
  expect(waits('401/none')).toEqual(['-', '-', made])
  expect(waits('401/revoked')).toEqual([revoked, '-', made])
  expect(waits('500/fault-header')).toEqual([made])
  expect(waits('deleted-stays-deleted')).toEqual([made, '2XX consistencyWindow'])
  expect(waits('deleted-credential-stops-working')).toEqual([
    ...['401 consistencyWindow', '-', made],
    ...[revoked, '-'],
  ])
})
