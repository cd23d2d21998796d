import { describe, expect, it } from 'vitest'
import { Secret } from '../target/index.ts'
import { credentialFamily } from './credential-family.ts'
import { credentialPlace, spellingAt } from './credential-place.ts'
import { sendAll } from './fixtures/listen.ts'
import { existing, type Given, planOne } from './fixtures/plan.ts'
import { fillStep, randomFor } from './index.ts'

const key = 'k3y-0123456789ab'
const base64 = (text: string) => Buffer.from(text).toString('base64')
const apiKey = [['header']]

/** The text of each member for one key; a member that does not fit is left out. */
async function textsOf(given: Given) {
  const { operation, suite } = await planOne(given)
  const place = credentialPlace(operation)
  if (place === undefined) throw new Error('no place')
  const spelling = spellingAt(place, suite.form)
  const members = credentialFamily.filter(({ fits }) => fits?.(spelling) ?? true)
  return {
    valid: spelling.write(key),
    texts: Object.fromEntries(members.map(({ id, alter }) => [id, alter(key, spelling)])),
  }
}

const same = {
  none: undefined,
  empty: '',
  bearer: `Bearer ${key}`,
  basic: `Basic ${base64(`${key}:`)}`,
}

describe('the credential family', () => {
  it.each<[name: string, Given, valid: string, texts: Record<string, string | undefined>]>([
    [
      'the form key-{API_KEY}',
      { security: apiKey, form: 'key-{API_KEY}' },
      `key-${key}`,
      {
        ...same,
        'prefix-only': 'key-',
        'no-prefix': key,
        'wrong-prefix': `xkey-${key}`,
        'bearer-form': `Bearer key-${key}`,
        'space-inside': 'key-k3y-0123 456789ab',
        truncated: 'key-k3y-01234567',
        altered: 'key-k3y-0123456789a0',
        unknown: 'key-ba9876543210-y3k',
      },
    ],
    [
      'the bare form',
      { security: apiKey },
      key,
      {
        ...same,
        'space-inside': 'k3y-0123 456789ab',
        truncated: 'k3y-01234567',
        altered: 'k3y-0123456789a0',
        unknown: 'ba9876543210-y3k',
      },
    ],
    [
      'Bearer',
      { security: [['bearer']] },
      `Bearer ${key}`,
      {
        none: undefined,
        empty: '',
        basic: same.basic,
        'prefix-only': 'Bearer',
        'no-prefix': key,
        'wrong-prefix': `xBearer ${key}`,
        'space-inside': 'Bearer k3y-0123 456789ab',
        truncated: 'Bearer k3y-01234567',
        altered: 'Bearer k3y-0123456789a0',
        unknown: 'Bearer ba9876543210-y3k',
      },
    ],
    [
      'Basic',
      { security: [['basic']] },
      `Basic ${base64(key)}`,
      {
        none: undefined,
        empty: '',
        bearer: same.bearer,
        'prefix-only': 'Basic',
        'no-prefix': key,
        'wrong-prefix': `xBasic ${base64(key)}`,
        'space-inside': `Basic ${base64('k3y-0123 456789ab')}`,
        truncated: `Basic ${base64('k3y-01234567')}`,
        altered: `Basic ${base64('k3y-0123456789a0')}`,
        unknown: `Basic ${base64('ba9876543210-y3k')}`,
      },
    ],
  ])('for %s is complete, and none of it is valid', async (_, given, valid, texts) => {
    const found = await textsOf(given)
    expect(found).toEqual({ valid, texts })
    expect(Object.values(found.texts).map((text) => text?.trim())).not.toContain(valid)
  })

  it.each(['a', 'A', '0', 'w', 'Z', '9', '-', '_', '='])(
    'alters a key that ends in %s, also where case or the last bits do not count',
    async (last) => {
      const { operation, suite } = await planOne({ security: apiKey })
      const place = credentialPlace(operation)
      const altered = credentialFamily.find(({ id }) => id === 'altered')
      const text = place && altered?.alter(`abc${last}`, spellingAt(place, suite.form))
      expect(text?.toLowerCase()).not.toBe(`abc${last}`.toLowerCase())
      expect(text).toHaveLength(4)
      const bits = (each: string) => (Buffer.from(`AAA${each}`, 'base64')[2] ?? 0) >> 4
      if (last !== '=' && bits(text?.slice(-1) ?? '') === bits(last))
        expect(Buffer.from(text ?? '', 'base64')).not.toEqual(Buffer.from(`abc${last}`, 'base64'))
    },
  )
})

const scope = { existing: { id: 'i1', token: new Secret('{existing.token}', key) } }

/** Every request of the 401 probes, as it arrives at a server; the configured credential is \`mine\`. */
async function arrivals(given: Given, ofState: boolean) {
  const planned = await planOne({ ...given, ...(ofState ? { roles: { existing } } : {}) })
  const { probes, schemas } = planned
  const family = probes.filter(({ expectation }) => expectation.id === 'op/401')
  const steps = family.flatMap(({ id, script }) => script.steps.map((step) => ({ id, step })))
  const altered = steps.filter(({ step }) => step.use.kind === 'altered')
  const arrived = await sendAll(
    (url) =>
      planned.target(
        { url, headers: { 'X-Key': '${ALSO}', 'X-Other': 'kept' } },
        { KEY: 'mine-0123456789', ALSO: 'mine-too-9876543210' },
      ),
    (target) =>
      altered.flatMap(({ id, step }) => {
        const random = randomFor(1, id)
        return fillStep(step, { target, scope, schemas, random }) ?? []
      }),
  )
  return arrived.map((each, index) => ({ ...each, id: altered[index]?.id.split('/').at(-1) }))
}

describe('what is sent to be refused', () => {
  it.each<[name: string, Given, where: string]>([
    ['a header', { security: apiKey, form: 'key-{API_KEY}' }, 'x-key'],
    ['a bearer token', { security: [['bearer'], ['header']] }, 'authorization'],
    ['Basic', { security: [['basic'], ['header']] }, 'authorization'],
    ['a query parameter', { security: [['query'], ['header']] }, 'query'],
    ['a cookie', { security: [['cookie'], ['header']] }, 'cookie'],
  ])(
    'in %s is never made from the configured credential, nor is it valid',
    async (_, given, where) => {
      for (const ofState of [true, false]) {
        const arrived = await arrivals(given, ofState)
        expect(arrived.length).toBeGreaterThanOrEqual(ofState ? 16 : 8)
        const { valid } = await textsOf(given)
        for (const { id, url, headers } of arrived) {
          const told = JSON.stringify([decodeURIComponent(url), headers])
          for (const mine of [
            'mine-0123456789',
            'mine-too',
            base64('mine-0123456789').slice(0, 12),
          ])
            expect(told).not.toContain(mine)
          expect(headers['x-other']).toBe('kept')
          const shown =
            where === 'query'
              ? new URL(url, 'http://h').searchParams.get('key')
              : where === 'cookie'
                ? headers.cookie?.replace('session=', '')
                : headers[where]
          expect(shown).not.toBe(valid)
          if (id === 'none') expect(shown ?? undefined).toBeUndefined()
          else expect(typeof shown).toBe('string')
        }
      }
    },
  )

  it('holds the throwaway key where there is one, else random text', async () => {
    const texts = async (ofState: boolean) => {
      const arrived = await arrivals({ security: apiKey, form: 'key-{API_KEY}' }, ofState)
      return arrived.find(({ id }) => id === 'no-prefix')?.headers['x-key']
    }
    expect(await texts(true)).toBe(key)
    expect(await texts(false)).toMatch(/^[0-9a-f]{32}$/)
  })

  it('is not made of a key that is too short to be altered', async () => {
    const { probe, schemas, target } = await planOne({ security: apiKey, roles: { existing } })
    const short = { existing: { id: 'i1', token: new Secret('{existing.token}', 'k') } }
    const [step] = probe('401/space-inside').script.steps
    const fill = () =>
      step && fillStep(step, { target: target(), scope: short, schemas, random: () => 0.5 })
    expect(fill).toThrow('the key of "existing" is too short to be altered')
  })
})
