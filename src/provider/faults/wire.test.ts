import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { expect, it } from 'vitest'
import { notFound } from '../answer.ts'
import type { Visit } from '../fault.ts'
import { ask } from '../fixtures/listen.ts'
import { outages, type RegionHandle, startProvider } from '../index.ts'
import { encodeAnswer } from '../message.ts'

/** What a client notices of each. */
const ends: Readonly<Record<string, string>> = {
  dead: 'ECONNRESET',
  resets: 'ECONNRESET',
  hangs: 'nothing',
  stalls: 'no end',
  drips: 'no end',
  endless: 'too much',
  malformed: 'HPE_INVALID_CONSTANT',
  'huge-header': 'HPE_HEADER_OVERFLOW',
  dies: 'ECONNRESET',
  'falls-silent': 'nothing',
  'half-open': 'nothing',
  'stops-reading': 'nothing',
}

const unseen = ['dead', 'half-open', 'stops-reading']

it.each(outages)('$name: $statement', async ({ name, caughtBy, amount }) => {
  expect(caughtBy).toEqual([])
  const provider = await startProvider({
    regions: ['here'],
    faults: [{ name, ...(amount === undefined ? {} : { amount: 0 }) }],
  })
  const [region] = provider.regions as [RegionHandle]
  const outcome = await ask(region, {}).catch((error: unknown) => error)
  await provider.close()
  expect(outcome).toMatchObject({ code: ends[name] })
  expect(region.seen()).toHaveLength(unseen.includes(name) ? 0 : 1)
})

it('an endless body waits for whoever reads it', () => {
  const written: number[] = []
  const response = Object.assign(new EventEmitter(), {
    destroyed: false,
    writeHead: () => response,
    write: ({ length }: string | Buffer) => written.push(length) % 3 !== 0 && written.length < 99,
  })
  const endless = outages.find(({ name }) => name === 'endless')
  endless?.send?.(response as unknown as ServerResponse, encodeAnswer(notFound), {} as Visit)
  expect(written).toEqual([1, 65_536, 65_536])
  response.emit('drain')
  expect(written).toHaveLength(6)
  response.destroyed = true
  response.emit('drain')
  expect(written).toHaveLength(6)
})
