import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type AssayError, formatPosition } from '../errors.ts'
import { parseSource } from './source.ts'

const valueIn = async (text: string): Promise<unknown> => (await parseSource(text, 'x')).value

/** Code, message, position and hint of the error that a text brings. */
const told = (text: string): Promise<unknown> =>
  parseSource(text, 'api.txt').then(
    ({ value }) => value,
    ({ code, message, at, hint }: AssayError) => [code, message, at && formatPosition(at), hint],
  )

describe('a source', () => {
  it('keeps its name, its text and the hash of the text', async () => {
    const source = await parseSource('{"a": "é"}', 'a.json')
    const hash = createHash('sha256').update('{"a": "é"}').digest('hex')
    expect(source).toMatchObject({ name: 'a.json', text: '{"a": "é"}', hash, value: { a: 'é' } })
  })

  it('may begin with a byte order mark, which counts as nothing', async () => {
    for (const text of ['{"a":1}', 'a: 1']) {
      const marked = await parseSource(`\uFEFF${text}`, 'x')
      const plain = await parseSource(text, 'x')
      expect({ ...marked, positionOf: 0 }).toEqual({ ...plain, positionOf: 0 })
      expect(marked.positionOf('/a')).toEqual(plain.positionOf('/a'))
    }
  })

  it('is empty where only white space or comments stand', async () => {
    const empty = (name: string) => [
      'SOURCE_EMPTY',
      `"${name}" holds nothing but white space or comments`,
      `${name}:1:1`,
      undefined,
    ]
    for (const text of ['', ' \n\t\n', '# a comment\n', '---\n', '---\n# a comment\n...\n']) {
      expect(await told(text)).toEqual(empty('api.txt'))
    }
    expect(await valueIn('null')).toBeNull()
  })

  it('is refused above 64 MB', async () => {
    const text = `"${'é'.repeat(32 * 1024 * 1024)}"`
    const message = '"api.txt" is larger than 64 MB'
    expect(await told(text)).toEqual(['SOURCE_TOO_LARGE', message, undefined, undefined])
  })
})

describe('JSON', () => {
  it.each([
    ['{"a": 1,\n "b" 2}', 'expected ":", received "2"', '2:6'],
    ['{"a": 1\n "b": 2}', 'expected "," or "}", received "\\""', '2:2'],
    ['{"a": [1 2 "x": }', 'expected "," or "]", received "2"', '1:10'],
    ['[1, 2', 'expected "," or "]", received the end of the text', '1:6'],
    ['{"a": "b\n', 'expected an escape for the control character, received "\\n"', '1:9'],
    ['{"a": "b', 'expected a closing quote, received the end of the text', '1:9'],
    ['{"a": "\\q}', 'expected an escape that JSON knows, received "\\\\"', '1:8'],
    ['["\\u12G4]', 'expected four hexadecimal digits after "\\u", received "\\\\"', '1:3'],
    ['{"a": }: 1', 'expected a value, received "}"', '1:7'],
    ['{"a": 1} {', 'expected the end of the text, received "{"', '1:10'],
    ['{😀', 'expected a key in double quotes or "}", received "😀"', '1:2'],
    ['{"a": 1, ]', 'expected a key in double quotes, received "]"', '1:10'],
  ])('says what was expected where %j goes wrong', async (text, message, place) => {
    expect(await told(text)).toEqual(['SOURCE_SYNTAX', message, `api.txt:${place}`, undefined])
  })

  it('is read as YAML where only YAML accepts it', async () => {
    expect(await valueIn('{a: 1, b: [x, y], }')).toEqual({ a: 1, b: ['x', 'y'] })
    expect(await valueIn('[ # a comment\n 1 ]')).toEqual([1])
  })

  it('tells of a mistake that only YAML sees, where only YAML accepts the form', async () => {
    expect(await told('{a: 1,\n a: 2}')).toEqual([
      'SOURCE_DUPLICATE_KEY',
      'the key "a" stands twice in one mapping',
      'api.txt:2:2',
      'keep one of them; the first stands at api.txt:1:2',
    ])
  })

  it('holds no key twice', async () => {
    expect(await told('{\n  "a": {"b": 1},\n  "c": {"b": 1,\n "b": 1}}')).toEqual([
      'SOURCE_DUPLICATE_KEY',
      'the key "b" stands twice in one mapping',
      'api.txt:4:2',
      'keep one of them; the first stands at api.txt:3:9',
    ])
  })

  it('nests 500 levels deep and no deeper', async () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
    const tooDeep = (column: number) => [
      'SOURCE_TOO_DEEP',
      'expected at most 500 levels of nesting, received more',
      `api.txt:1:${column}`,
      undefined,
    ]
    expect(await valueIn(nested(500).replace('[]', '[1]'))).toBeInstanceOf(Array)
    expect(await told(nested(501))).toEqual(tooDeep(501))
    expect(await told(nested(10_000))).toEqual(tooDeep(501))
    expect(await told('['.repeat(10_000))).toEqual(tooDeep(501))
    expect(await told(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`)).toEqual(tooDeep(2501))
  })

  it('keeps a member called __proto__ a member', async () => {
    const value = await valueIn('{"__proto__": {"a": 1}}')
    expect(Object.keys(value as object)).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  })
})

describe('a position', () => {
  const json = '\n{\n  "a": {"b/c": [1,\n    {"d": 2}]},\n  "__proto__": 3\n}'
  const yaml = '# top\na:\n  b/c:\n    - 1\n    - d: 2\n__proto__: 3\n'
  it.each([
    ['', '2:1', '2:1'],
    ['/a', '3:3', '2:1'],
    ['/a/b~1c', '3:9', '3:3'],
    ['/a/b~1c/0', '3:17', '4:7'],
    ['/a/b~1c/1', '4:5', '5:7'],
    ['/a/b~1c/1/d', '4:6', '5:7'],
    ['/__proto__', '5:3', '6:1'],
    ['/a/b~1c/9/x', '3:9', '3:3'],
    ['/a/b~1c/1/d/e', '4:6', '5:7'],
    ['/constructor', '2:1', '2:1'],
  ])(
    'of %j is that of the key, the item or the nearest ancestor',
    async (pointer, inJson, inYaml) => {
      const places: [string, string][] = [
        [json, inJson],
        [yaml, inYaml],
      ]
      for (const [text, place] of places) {
        const source = await parseSource(text, 'x')
        expect(formatPosition(source.positionOf(pointer))).toBe(`x:${place}`)
      }
    },
  )

  it('counts lines that end in CR LF like others', async () => {
    const source = await parseSource('{\r\n\r\n  "a": 1}', 'x')
    expect(formatPosition(source.positionOf('/a'))).toBe('x:3:3')
  })

  it('of what an alias brings in is where that was written', async () => {
    const source = await parseSource('base: &b\n  x: [1, 2]\nuse: *b\n', 'x')
    expect(formatPosition(source.positionOf('/use'))).toBe('x:3:1')
    expect(formatPosition(source.positionOf('/use/x/1'))).toBe('x:2:10')
  })

  it('of what a merge brings in is where that was written', async () => {
    const text = 'a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  z: 3\n  <<: [*a, *b]\n  x: 3\n'
    const source = await parseSource(text, 'x')
    const places = ['x', 'y', 'z'].map((name) => formatPosition(source.positionOf(`/c/${name}`)))
    expect(places).toEqual(['x:6:3', 'x:1:14', 'x:4:3'])
  })
})
