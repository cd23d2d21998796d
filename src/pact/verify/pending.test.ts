import { afterEach, expect, test } from 'vitest'
import type { Report } from '../../report/index.ts'
import type { Pact } from '../pact.ts'
import { cells, closeAll, deletion, pactOf, reach, start, verify } from './fixtures/verify.ts'

afterEach(closeAll)

const existing = { name: 'an API token exists', params: { name: 'one' } }
const absent = { name: 'no API token has this id' }

/** What a broker that has the pact pending says of it. */
const asPending = (pact: Pact) => ({
  pact,
  pending: true,
  wip: false,
  address: 'http://broker.test/pacts/1',
  consumerVersions: ['1'],
  resultsAt: 'http://broker.test/results',
})

const levels = ({ verdicts }: Report) =>
  verdicts.flatMap(({ findings }) => findings.map(({ level, because }) => [level, ...because]))

test('a pending pact that fails is told, keeps nothing from success, and is red with strict alone', async () => {
  const provider = await start({ regions: ['one'], faults: [{ name: 'not-found-answers-410' }] })
  const due = await pactOf([deletion(200, existing)], { consumer: 'old' })
  const pending = await pactOf([deletion(404, absent)], { consumer: 'new' })
  const options = { ...reach(provider), fetched: [asPending(pending)] }
  const { report, verifications } = await verify([due, pending], options)
  expect([cells(report), report.exitCode]).toEqual([['200 pass', '404 pass'], 0])
  expect(levels(report)).toEqual([['should', 'new wants to rely on it (its pact is pending)']])
  expect(verifications).toMatchObject([
    {
      success: true,
      consumers: [
        { consumer: 'old', pending: false, pact: 'own.json' },
        {
          consumer: 'new',
          pending: true,
          pact: 'http://broker.test/pacts/1',
          interactions: [{ verdict: 'fail', reasons: ['expected 404, received 410 Gone'] }],
        },
      ],
    },
  ])
  const strict = await verify([due, pending], { ...options, strict: true })
  expect([cells(strict.report), strict.report.exitCode]).toEqual([['200 pass', '404 fail'], 1])
  expect(strict.verifications[0]?.success).toBe(false)
})

test('beside a pending failure, one of a pact that is due is red', async () => {
  const provider = await start({ regions: ['one'], faults: [{ name: 'not-found-answers-410' }] })
  const due = await pactOf([deletion(404, absent)], { consumer: 'old' })
  const pending = await pactOf([deletion(404, absent)], { consumer: 'new' })
  const options = { ...reach(provider), fetched: [asPending(pending)] }
  const { report, verifications } = await verify([pending, due], options)
  expect([cells(report), report.exitCode]).toEqual([['404 fail'], 1])
  expect(levels(report).map(([level]) => level)).toEqual(['must', 'should'])
  expect(verifications[0]?.success).toBe(false)
})

test('what of a pending pact cannot be carried out or is left out is a declared skip that says so', async () => {
  const provider = await start({ regions: ['one'] })
  const due = await pactOf([deletion(404, absent)], { consumer: 'old' })
  const unknown = deletion(200, { name: 'a state of the new consumer' })
  const pending = await pactOf([unknown, deletion(404, { name: 'another of them' })], {
    consumer: 'new',
  })
  const options = { ...reach(provider), fetched: [asPending(pending)] }
  const { report, verifications } = await verify([due, pending], options)
  expect([cells(report), report.exitCode]).toEqual([['200 declared', '404 pass'], 0])
  expect(report.verdicts[0]?.reasons?.[0]).toMatch(
    /^the pact of new is pending: .*"a state of the new consumer"/,
  )
  expect(report.verdicts[1]?.omitted).toEqual([
    {
      probe: 'new: a delete that is answered 404',
      reason: expect.stringMatching(/^the pact of new is pending: .*"another of them"/),
    },
  ])
  expect(verifications).toMatchObject([{ success: true, exitCode: 0 }])
  const undeclared = await verify([due, pending], reach(provider))
  expect([undeclared.report.exitCode, undeclared.verifications[0]?.success]).toEqual([3, false])
})

test('nothing excuses a region that cannot be reached', async () => {
  const provider = await start({ regions: ['one'] })
  const pending = await pactOf([deletion(404, absent), deletion(401, undefined)])
  const urls = [provider.regions[0]?.url ?? '', 'http://127.0.0.1:1']
  const options = { ...reach(provider, { urls }), fetched: [asPending(pending)] }
  const { report, verifications } = await verify([pending], options)
  expect(cells(report, '127.0.0.1:1')).toEqual(['401 error', '404 error'])
  expect(report.exitCode).toBe(3)
  expect(verifications.map(({ success }) => success)).toEqual([true, false])
})

test('messages of a pending pact are left out as declared', async () => {
  const provider = await start({ regions: ['one'] })
  const message = { type: 'Asynchronous/Messages', description: 'a note', contents: {} }
  const pending = await pactOf([deletion(404, absent), message])
  const options = { ...reach(provider), fetched: [asPending(pending)] }
  const { report } = await verify([pending], options)
  expect([cells(report).sort(), report.exitCode]).toEqual([['404 pass', 'own.json declared'], 0])
})
