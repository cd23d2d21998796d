import { describe, expect, it } from 'vitest'
import type { TargetEntry } from '../target/index.ts'
import { existing, type Given, planOne } from './fixtures/plan.ts'
import { declaredReason, fitProbe, roleOf } from './index.ts'

const faultHeader = { name: 'X-Fault', value: 'on' }
const states = { url: '/states' }
const fault = { state: 'the thing is broken' }
const refused = { state: 'the key is revoked', credential: 'k' }
const all: Given = {
  method: 'delete',
  statuses: ['200', '401', '404', '500'],
  roles: { existing, fault, refused },
}
const safe: Given = { id: { example: 'abc' }, statuses: ['200', '401', '500'] }
const { credential: _credential, ...keyless } = existing

const recipeFor = (state: string) => ({
  [state]: { setup: [{ request: { method: 'POST', path: '/s' } }] },
})
const recipes = { making: recipeFor(existing.state), revoking: recipeFor(refused.state) }

/** How a probe fits a target: why it does not, or its states and steps. */
async function fitOf(given: Given, name: string, entry: TargetEntry) {
  const { probe, target, suite } = await planOne({ ...given, recipes })
  const fitted = fitProbe(probe(name), target(entry), suite)
  if (fitted.kind !== 'fits') return `${fitted.kind}: ${fitted.reason}`
  const uses = fitted.script.steps.map(({ name: step, use }) => {
    const of = use.kind === 'altered' && use.of !== undefined ? ' of a throwaway key' : ''
    return `${step.replace(/^.*: /, '')}${of}`
  })
  return [...fitted.script.given.map((each) => `given ${each.name}`), ...uses]
}

describe('a probe', () => {
  it.each<[name: string, Given, probe: string, TargetEntry, fit: string | string[]]>([
    [
      'fits a target that has everything',
      all,
      '200/valid',
      { states },
      ['given existing', 'a valid request'],
    ],
    [
      'needs a state',
      all,
      '200/valid',
      {},
      'obstacle: it needs the state "a thing exists", and the target has neither a state URL nor recipes',
    ],
    [
      'needs a recipe for its state',
      all,
      '200/valid',
      { recipes: 'revoking' },
      'obstacle: it needs the state "a thing exists", for which the target has no recipe',
    ],
    [
      'fits where there is a recipe',
      all,
      '200/valid',
      { recipes: 'making' },
      ['given existing', 'a valid request'],
    ],
    ['needs no state to find nothing', all, '404/absent', {}, ['on what cannot exist']],
    [
      'shows all that a state allows',
      all,
      '401/no-prefix',
      { states },
      [
        'given existing',
        'on what does not exist of a throwaway key',
        'on a resource of our own of a throwaway key',
        'the resource survived',
      ],
    ],
    [
      'does without a state that is optional, and makes a random key',
      all,
      '401/no-prefix',
      {},
      ['on what does not exist'],
    ],
    [
      'does without an optional state where only another has a recipe',
      all,
      '401/revoked',
      { recipes: 'revoking' },
      ['given refused', 'on what does not exist'],
    ],
    [
      'needs a state that is not optional',
      all,
      '401/revoked',
      { recipes: 'making' },
      'obstacle: it needs the state "the key is revoked", for which the target has no recipe',
    ],
    [
      'of an unsafe method is not for production',
      all,
      '404/absent',
      { states, safety: 'production' },
      'obstacle: the target is classed production: only GET and HEAD are sent there',
    ],
    ['of a safe method is', safe, '200/valid', { safety: 'production' }, ['a valid request']],
    [
      'of another safe method is not for production',
      { ...safe, method: 'options' },
      '200/valid',
      { safety: 'production' },
      'obstacle: the target is classed production: only GET and HEAD are sent there',
    ],
    [
      'arranges no state in production',
      { ...safe, roles: { existing } },
      '200/valid',
      { states, safety: 'production' },
      'obstacle: the target is classed production: no state is arranged there',
    ],
    [
      'needs a fault header',
      safe,
      '500/fault-header',
      { states },
      'obstacle: the target declares no fault header',
    ],
    [
      'arms the fault state where there is no header',
      all,
      '500/fault-state',
      { states },
      ['given existing', 'given fault', 'a request that is made to fail inside'],
    ],
    [
      'spares others the fault state where there is a header',
      all,
      '500/fault-state',
      { states, faultHeader },
      'spared: the fault header shows the same and touches nobody else',
    ],
    [
      'arms it all the same on a disposable target',
      all,
      '500/fault-state',
      { states, faultHeader, safety: 'disposable' },
      ['given existing', 'given fault', 'a request that is made to fail inside'],
    ],
    [
      'heeds a forbidden fault state',
      all,
      '500/fault-state',
      { states, faultState: false, safety: 'disposable' },
      'obstacle: the target forbids its fault state',
    ],
  ])('%s', async (_, given, name, entry, expected) => {
    expect(await fitOf(given, name, entry)).toEqual(expected)
  })

  describe('on a target without credential', () => {
    const bare = async (given: Given, name: string, headers: Record<string, string> = {}) => {
      const { probe, target, suite } = await planOne(given)
      const aim = { ...target({ headers, states }), credential: undefined }
      const fitted = fitProbe(probe(name), aim, suite)
      return fitted.kind === 'fits' ? fitted.script.steps.length : fitted.reason
    }
    const none = 'it needs a credential, and the target has none'
    const several = 'it needs a credential that no single header, query parameter or cookie holds'

    it.each<[name: string, Given, probe: string, headers: Record<string, string>, unknown]>([
      ['is not sent', safe, '200/valid', {}, none],
      ['is sent where none is asked for', { ...safe, security: [] }, '200/valid', {}, 1],
      ['is sent where it is optional', { ...safe, security: [['bearer'], []] }, '200/valid', {}, 1],
      [
        'is sent where a header of the target holds it',
        safe,
        '200/valid',
        { authorization: 'Bearer x' },
        1,
      ],
      ['is not sent where another header is set', safe, '200/valid', { 'X-Key': 'x' }, none],
      ['still shows what is refused', safe, '401/none', {}, 1],
      [
        'ends before the step that needs one',
        { ...all, roles: { existing: keyless } },
        '401/none',
        {},
        2,
      ],
      [
        'is not sent with one of two',
        { ...safe, security: [['bearer', 'app']] },
        '200/valid',
        { 'X-App': 'a' },
        several,
      ],
      [
        'is sent with both of two',
        { ...safe, security: [['bearer', 'app']] },
        '200/valid',
        { 'X-App': 'a', Authorization: 'b' },
        1,
      ],
      [
        'is not sent where it takes a certificate',
        { ...safe, security: [['certificate']] },
        '200/valid',
        {},
        several,
      ],
    ])('%s', async (_, given, name, headers, expected) => {
      expect(await bare(given, name, headers)).toBe(expected)
    })
  })

  it('that shows a key of its own needs a place for it', async () => {
    const roles = { '409': { state: 'busy', credential: 'k' } }
    const given = { ...safe, statuses: ['409'], security: [['bearer', 'app']], roles }
    expect(await fitOf(given, '409/state', { states })).toMatch(/^obstacle: .*no single header/)
  })
})

describe('what a target declares that it cannot show', () => {
  const before = 'authentication-before-existence'
  const form = 'credential-form-is-enforced'
  const repeated = 'failed-request-can-be-repeated'
  const of404 = [
    'deleted-stays-deleted',
    'only-the-named-is-deleted',
    'one-of-two-deletions-wins',
    'deleted-credential-stops-working',
    ...[form, 'any-id-is-answered', 'undocumented-method-does-nothing'],
  ]

  const given: Given = {
    method: 'delete',
    statuses: ['200', '401', '404', '4XX', '500', 'default'],
    roles: { existing },
  }

  it.each<[status: string, operation: string | undefined, covered: string[]]>([
    ['404', undefined, ['404', ...of404]],
    ['4XX', undefined, ['401', '404', '4XX', ...of404.toSpliced(4, 0, before)]],
    ['401', undefined, ['401', 'deleted-credential-stops-working', before, form]],
    ['200', undefined, ['200', ...of404.slice(0, 4), repeated, ...of404.slice(-1)]],
    ['5XX', undefined, ['500', repeated]],
    ['500', undefined, ['500', repeated]],
    ['409', undefined, []],
    ['default', undefined, ['default']],
    ['deleted-stays-deleted', undefined, ['deleted-stays-deleted']],
    ['500', 'op', ['500', repeated]],
    ['500', 'another', []],
  ])('%s of %s', async (status, operation, covered) => {
    const { expectations, target, suite } = await planOne(given)
    const cannot = [
      { status, reason: 'because', ...(operation === undefined ? {} : { operation }) },
    ]
    const found = expectations.filter((each) => {
      const reason = declaredReason(each, target({ cannot }), suite)
      return reason === 'because' || (reason !== undefined && expect.unreachable(reason))
    })
    expect(found.map(({ id }) => id.slice('op/'.length))).toEqual(covered)
  })
})

it('the role of a state is what the suite says of its operation, and nothing it inherits', async () => {
  const { suite, operation } = await planOne({ roles: { existing } })
  expect(roleOf({ name: 'witness', role: 'existing', operation }, suite)).toBe(existing)
  expect(roleOf({ name: 'a', role: 'toString', operation }, suite)).toBeUndefined()
  expect(
    roleOf({ name: 'a', role: 'existing', operation: { ...operation, id: 'b' } }, suite),
  ).toBeUndefined()
})

it.each([
  ['delete', 'shared', /read as the number of something else/],
  ['delete', 'disposable', /^(?!.*read as the number)/],
] as const)('ids that may be read as numbers: %s at class %s', async (method, safety, said) => {
  const given: Given = { ...all, method }
  const fit = await fitOf(given, 'any-id-is-answered/numbers', { states, safety })
  expect(String(fit)).toMatch(said)
})
