import { describe, expect, it } from 'vitest'
import { type AssayError, formatPosition } from '../errors.ts'
import { parseSource } from './source.ts'

const valueIn = async (text: string): Promise<unknown> => (await parseSource(text, 'x')).value

/** Code, message, position and hint of the error that a text brings. */
const told = (text: string): Promise<unknown> =>
  parseSource(text, 'a.yaml').then(
    ({ value }) => value,
    ({ code, message, at, hint }: AssayError) => [code, message, at && formatPosition(at), hint],
  )

const syntax = (message: string, place: string, hint?: string) => [
  'SOURCE_SYNTAX',
  message,
  `a.yaml:${place}`,
  hint,
]

describe('YAML', () => {
  it('is read in the core schema of YAML 1.2', async () => {
    const text =
      'a: yes\nb: 2020-01-01\nc: 012\nd: true\ne: ~\nf: 1_000\ng: 0x10\nh: 1.50\ni: off\nj:\n'
    expect(await valueIn(text)).toEqual({
      a: 'yes',
      b: '2020-01-01',
      c: 12,
      d: true,
      e: null,
      f: '1_000',
      g: 16,
      h: 1.5,
      i: 'off',
      j: null,
    })
  })

  it('stays so where a text says that it is YAML 1.1', async () => {
    expect(await valueIn('%YAML 1.1\n---\na: yes\nb: 2020-01-01\n')).toEqual({
      a: 'yes',
      b: '2020-01-01',
    })
  })

  it('has strings for keys, as they are written', async () => {
    const text = '200: a\n1.10: b\ntrue: c\n~: d\n"5": e\n0x10: f\n2020-01-01: g\n'
    const names = ['200', '1.10', 'true', '~', '5', '0x10', '2020-01-01']
    expect(new Set(Object.keys((await valueIn(text)) as object))).toEqual(new Set(names))
  })

  it('keeps a member called __proto__ a member', async () => {
    const value = (await valueIn('a: &a\n  __proto__: {b: 1}\nc:\n  <<: *a\n')) as { c: object }
    expect(Object.keys(value.c)).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(value.c)).toBe(Object.prototype)
  })

  it.each([
    [
      'a: b: c',
      'not well-formed YAML: nested mappings are not allowed in compact mappings',
      '1:4',
      'put a value that holds ": " in quotes',
    ],
    [
      'a:\n\t- b',
      'not well-formed YAML: tabs are not allowed as indentation',
      '2:1',
      'indent with spaces',
    ],
    [
      'a: @b',
      'not well-formed YAML: plain value cannot start with reserved character @',
      '1:4',
      'put the value in quotes',
    ],
    ['a: "b', 'not well-formed YAML: missing closing "quote', '1:6', undefined],
    [
      'a:\n   b: 1\n  c: 2',
      'not well-formed YAML: all mapping items must start at the same column',
      '3:1',
      undefined,
    ],
    [
      'a: !Ref b',
      'not well-formed YAML: unresolved tag: !Ref',
      '1:4',
      'remove the tag; only those of JSON can be read',
    ],
    [
      'a: !!set {b}',
      'not well-formed YAML: unresolved tag: tag:yaml.org,2002:set',
      '1:4',
      'remove the tag; only those of JSON can be read',
    ],
    ['a: 1\n---\nb: 2', 'expected one YAML document, received several', '2:1', undefined],
    ['a: .nan', 'expected a value that JSON can hold, received .nan', '1:4', undefined],
    ['a: -.inf', 'expected a value that JSON can hold, received -.inf', '1:4', undefined],
    ['? [a]\n: 1', 'expected a scalar key, received a collection', '1:3', undefined],
    ['a: 1\n<<: 2', 'expected a mapping after "<<", received none', '2:5', undefined],
    ['<<: [{a: 1}, [2]]', 'expected a mapping after "<<", received none', '1:5', undefined],
    ['a: *b', '"*b" has no anchor before it', '1:4', undefined],
    [
      'a: &parametres 1\nb: *parameters',
      '"*parameters" has no anchor before it',
      '2:4',
      'the nearest anchor is "&parametres"',
    ],
  ])('says where and why %j cannot be read', async (text, message, place, hint) => {
    expect(await told(text)).toEqual(syntax(message, place, hint))
  })

  it('holds no key twice, written as number or as string', async () => {
    const twice = (name: string, place: string, first: string) => [
      'SOURCE_DUPLICATE_KEY',
      `the key "${name}" stands twice in one mapping`,
      `a.yaml:${place}`,
      `keep one of them; the first stands at a.yaml:${first}`,
    ]
    expect(await told('a:\n  b: 1\n  c: 1\n  b: 1\n')).toEqual(twice('b', '4:3', '2:3'))
    expect(await told('200: 1\n"200": 2\n')).toEqual(twice('200', '2:1', '1:1'))
    expect(await told('x: &k a\n*k : 1\na: 2\n')).toEqual(twice('a', '3:1', '2:1'))
    expect(await told('__proto__: 1\n__proto__: 2\n')).toEqual(twice('__proto__', '2:1', '1:1'))
  })

  it('nests 500 levels deep and no deeper', async () => {
    const error = (await told(`${'- '.repeat(10_000)}x`)) as unknown[]
    expect(error.slice(0, 2)).toEqual([
      'SOURCE_TOO_DEEP',
      'expected at most 500 levels of nesting, received more',
    ])
    const flow = (levels: number) => `a: ${'['.repeat(levels)}${']'.repeat(levels)}`
    expect(await told(flow(500))).toContain('a.yaml:1:503')
    expect(await told(flow(10_000))).toContain('SOURCE_TOO_DEEP')
    expect(await told(`{a: ${'['.repeat(10_000)}`)).toContain('SOURCE_TOO_DEEP')
    expect(await valueIn(flow(499).replace('[]', '[x]'))).toHaveProperty('a')
  })
})

describe('a merge key', () => {
  it('brings in what is not written beside it, before or after', async () => {
    const text = 'a: &a {x: 1, y: 1, z: 1}\nb:\n  x: 2\n  <<: *a\n  z: 2\n'
    expect(await valueIn(text)).toHaveProperty('b', { x: 2, y: 1, z: 2 })
  })

  it('takes the first of several mappings that have a name', async () => {
    const text = 'a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b]}\nd: {<<: *b, <<: *a}\n'
    expect(await valueIn(text)).toMatchObject({ c: { x: 1, y: 2 }, d: { x: 2, y: 2 } })
  })

  it('is handed on by a mapping that was merged itself', async () => {
    const text = 'a: &a {x: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: *b}\n'
    expect(await valueIn(text)).toHaveProperty('c', { x: 1, y: 2 })
  })

  it('is a name like any other in quotes', async () => {
    expect(await valueIn('"<<": {a: 1}\n')).toEqual({ '<<': { a: 1 } })
  })
})

describe('an alias', () => {
  it('stands for the last anchor of its name before it', async () => {
    expect(await valueIn('[&a 1, *a, &a 2, *a]')).toEqual([1, 1, 2, 2])
    expect(await valueIn('- &a [&a 1, *a]\n- *a\n')).toEqual([[1, 1], 1])
  })

  it('may be used a thousand times', async () => {
    const text = `- &a {x: [1, 2]}\n${'- *a\n'.repeat(5000)}`
    expect(await valueIn(text)).toHaveLength(5001)
  })

  it('does not stand inside its own anchor', async () => {
    expect(await told('a: &a\n  b: [*a]\n')).toEqual([
      'SOURCE_ALIAS_BOMB',
      '"*a" stands inside its own anchor',
      'a.yaml:2:7',
      undefined,
    ])
  })

  it('does not multiply beyond a million values', async () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]']
    for (let n = 1; n < 10; n++) {
      lines.push(
        `a${n}: &a${n} [${Array(9)
          .fill(`*a${n - 1}`)
          .join(', ')}]`,
      )
    }
    expect(await told(lines.join('\n'))).toEqual([
      'SOURCE_ALIAS_BOMB',
      'the aliases expand to more than 1000000 values',
      'a.yaml:7:10',
      undefined,
    ])
  })

  it('does not nest deeper than brackets may', async () => {
    const lines = ['a0: &a0 [x]']
    for (let n = 1; n < 600; n++) lines.push(`a${n}: &a${n} [*a${n - 1}]`)
    expect(await told(lines.join('\n'))).toEqual([
      'SOURCE_TOO_DEEP',
      'expected at most 500 levels of nesting, received more',
      'a.yaml:500:14',
      undefined,
    ])
  })
})
