import { describe, expect, it } from 'vitest'
import { type AssayError, formatPosition } from '../errors.ts'
import { checkReferences } from './references.ts'
import { parseSource } from './source.ts'

const check = async (text: string, name = 'api.yaml') =>
  checkReferences(await parseSource(text, name))

/** Code, message, position and hint of the error that a text brings. */
const told = (text: string, name?: string): Promise<unknown> =>
  check(text, name).then(
    () => 'no error',
    ({ code, message, at, hint }: AssayError) => [code, message, at && formatPosition(at), hint],
  )

const unresolved = (ref: string, place: string, hint?: string) => [
  'DOCUMENT_REF_UNRESOLVED',
  `"${ref}" points at nothing`,
  `api.yaml:${place}`,
  hint,
]

describe('a reference', () => {
  it('leads where its JSON Pointer says, percent-decoded', async () => {
    const resolveRef = await check('components: {schemas: {"a b/c~%": {}, ü: true}}\npaths: {}')
    const schemas = '/components/schemas'
    expect(resolveRef('#/components/schemas/a%20b~1c~0%25', '')).toBe(`${schemas}/a b~1c~0%`)
    expect(resolveRef('#/components/schemas/ü', '')).toBe(`${schemas}/ü`)
    expect(resolveRef('#/components/schemas/%C3%BC', '')).toBe(`${schemas}/ü`)
    expect(resolveRef('#', '/components')).toBe('')
    expect(resolveRef('', '/components')).toBe('')
  })

  it('leads to an item of a list', async () => {
    const text =
      'components: {schemas: {A: {oneOf: [{}, {}]}, B: {$ref: "#/components/schemas/A/oneOf/1"}}}'
    expect((await check(text))('#/components/schemas/A/oneOf/1', '')).toBe(
      '/components/schemas/A/oneOf/1',
    )
    expect(await told(text.replace('oneOf/1', 'oneOf/2'))).toContain('DOCUMENT_REF_UNRESOLVED')
    expect(await told(text.replace('oneOf/1', 'oneOf/01'))).toContain('DOCUMENT_REF_UNRESOLVED')
  })

  it('that points at nothing is told with the nearest name', async () => {
    const text = (ref: string) => `components:
  responses:
    NotFound: {}
    Fault: {$ref: '${ref}'}
  schemas:
    "a/{b}": {properties: {c: {}}}
x-null: null
`
    const near = (ref: string) => `the nearest name is "${ref}"`
    const found = '#/components/responses/NotFound'
    for (const [ref, hint] of [
      ['#/components/responses/NotFond', near(found)],
      ['#/component/responses/NotFound', near(found)],
      ['#/component/responses/NotFond', near('#/components')],
      ['#components/responses/NotFound', near(found)],
      [
        '#/components/schemas/a~1{b}/property/c',
        near('#/components/schemas/a~1%7Bb%7D/properties/c'),
      ],
      ['#/components/responses/Zebra', undefined],
      ['#/components/responses/NotFound/description/x', undefined],
      ['#/x-null/a', undefined],
      ['#/%zz', undefined],
      ['#anchor', undefined],
    ] as const) {
      expect(await told(text(ref))).toEqual(unresolved(ref, '4:13', hint))
    }
  })

  it('finds own members only', async () => {
    const text = 'components: {schemas: {A: {$ref: "#/components/schemas/constructor"}}}'
    expect(await told(text)).toContain('DOCUMENT_REF_UNRESOLVED')
    const own = text.replace('{A:', '{__proto__: {$anchor: x}, constructor: {}, A:')
    expect((await check(own))('#x', '')).toBe('/components/schemas/__proto__')
  })

  it('out of the document is told so', async () => {
    for (const ref of ['other.yaml#/A', 'https://x.io/y', '../api.yaml/x', 'http://[', '/api']) {
      expect(await told(`components: {schemas: {A: {$ref: '${ref}'}}}`)).toEqual([
        'DOCUMENT_REF_EXTERNAL',
        `"${ref}" leads out of the document`,
        'api.yaml:1:28',
        'bundle the document into one file first',
      ])
    }
  })

  it('to the own file or URL stays in the document', async () => {
    const text = (ref: string) => `components: {schemas: {B: {}, A: {$ref: '${ref}'}}}`
    const pointer = '#/components/schemas/B'
    expect(await told(text(`./api.yaml${pointer}`), 'spec/api.yaml')).toBe('no error')
    expect(await told(text(`api.yaml${pointer}`), 'https://***@x.io/v1/api.yaml')).toBe('no error')
    expect(await told(text(`/v1/api.yaml${pointer}`), 'https://x.io/v1/api.yaml')).toBe('no error')
    expect(await told(text(`/v2/api.yaml${pointer}`), 'https://x.io/v1/api.yaml')).toContain(
      'DOCUMENT_REF_EXTERNAL',
    )
  })
})

describe('an anchor', () => {
  it('is found by name, dynamic or not', async () => {
    const text = `components: {schemas: {
      A: {$anchor: a}, B: {properties: {x: {$dynamicAnchor: b}}},
      C: {allOf: [{$ref: '#a'}, {$ref: '#b'}, {$dynamicRef: '#b'}]}}}`
    const resolveRef = await check(text)
    expect(resolveRef('#a', '')).toBe('/components/schemas/A')
    expect(resolveRef('#b', '')).toBe('/components/schemas/B/properties/x')
    expect(await told(text.replace("$dynamicRef: '#b'", "$dynamicRef: '#c'"))).toContain(
      'DOCUMENT_REF_UNRESOLVED',
    )
  })

  it('that is not found is told with the nearest', async () => {
    const text = 'components: {schemas: {A: {$anchor: address}, B: {$ref: "#adress"}}}'
    expect(await told(text)).toEqual(
      unresolved('#adress', '1:51', 'the nearest name is "#address"'),
    )
  })

  it('stands once in its schema', async () => {
    const text = 'components:\n  schemas:\n    A: {$anchor: a}\n    B: {$dynamicAnchor: a}\n'
    expect(await told(text)).toEqual([
      'DOCUMENT_INVALID',
      'two schemas have the $dynamicAnchor "a"',
      'api.yaml:4:9',
      'rename one of them; the first schema stands at api.yaml:3:5',
    ])
    expect(await told(text.replace('{$anchor', '{$id: /x, $anchor'))).toBe('no error')
    expect(await told('components: {schemas: {A: &a {$anchor: a, $id: i}, B: *a}}')).toBe(
      'no error',
    )
  })
})

describe('an $id', () => {
  const text = (ref: string) => `components:
  schemas:
    Tree:
      $id: https://example.com/schemas/tree
      $anchor: tree
      properties:
        leaf: {$id: leaf, $defs: {x: {}}, not: {$ref: '#/$defs/x'}}
        next: {$ref: '${ref}'}
    Other: {}
`
  it('is the base of the references in its schema, and a target for all', async () => {
    const resolveRef = await check(text('#'))
    const tree = '/components/schemas/Tree'
    expect(resolveRef('#', `${tree}/properties/next`)).toBe(tree)
    expect(resolveRef('#/properties/next', tree)).toBe(`${tree}/properties/next`)
    expect(resolveRef('leaf', tree)).toBe(`${tree}/properties/leaf`)
    expect(resolveRef('leaf#/$defs/x', tree)).toBe(`${tree}/properties/leaf/$defs/x`)
    expect(resolveRef('#/$defs/x', `${tree}/properties/leaf/not/$ref`)).toBe(
      `${tree}/properties/leaf/$defs/x`,
    )
    expect(resolveRef('https://example.com/schemas/tree#tree', '')).toBe(tree)
    expect(() => resolveRef('leaf', '')).toThrow('"leaf" leads out of the document')
    expect(() => resolveRef('#tree', '')).toThrow('"#tree" points at nothing')
  })

  it('is named where it keeps a reference from the document', async () => {
    expect(await told(text('#/components/schemas/Other'))).toEqual(
      unresolved(
        '#/components/schemas/Other',
        '8:16',
        '"#" means the schema around it, because of the "$id" at api.yaml:4:7',
      ),
    )
    expect(await told(text('tree#/property/leaf'))).toContain(
      'the nearest name is "tree#/properties/leaf"',
    )
  })

  it('is a URI without a fragment, and given once', async () => {
    const ids = (one: string, other: string) =>
      `components:\n  schemas:\n    A: {$id: ${one}}\n    B: {$id: ${other}}\n`
    expect(await told(ids('/a', '"/b#c"'))).toEqual([
      'DOCUMENT_INVALID',
      'expected "$id" to be a URI without a fragment, received "/b#c"',
      'api.yaml:4:9',
      'name a place with "$anchor"',
    ])
    expect(await told(ids('/a', '"http://["'))).toContain('DOCUMENT_INVALID')
    expect(await told(ids('/a', '[b]'))).toContain('expected "$id" to be a string, received a list')
    expect(await told(ids('/a', '"/a#"'))).toEqual([
      'DOCUMENT_INVALID',
      'two schemas have the $id "/a#"',
      'api.yaml:4:9',
      'rename one of them; the first schema stands at api.yaml:3:5',
    ])
  })
})

describe('the check of all references', () => {
  const part = (path: string) => {
    const names = path.split('.')
    const opened = names.map((name) => (name === '[]' ? '[' : `{"${name}": `)).join('')
    const closed = names.map((name) => (name === '[]' ? ']' : '}')).reverse()
    return `${opened}{"$ref": "#/nowhere"}${closed.join('')}`
  }

  it.each([
    'paths./a',
    'webhooks.a',
    'webhooks.x-a',
    'paths./a.parameters.[]',
    'paths./a.get.parameters.[]',
    ...['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'].map(
      (method) => `paths./a.${method}.requestBody`,
    ),
    'paths./a.get.responses.200',
    'paths./a.get.callbacks.c',
    'paths./a.get.callbacks.c.{$request#/url}.post.requestBody',
    'paths./a.get.responses.200.headers.x-rate',
    'paths./a.get.responses.200.links.l',
    'paths./a.get.responses.200.content.a/b.schema',
    'paths./a.get.responses.200.content.a/b.examples.e',
    'paths./a.get.responses.200.content.a/b.encoding.e.headers.h',
    'paths./a.get.parameters.[].schema',
    'paths./a.get.parameters.[].content.a/b.schema',
    'paths./a.get.parameters.[].examples.e',
    ...['schemas', 'responses', 'parameters', 'examples', 'requestBodies', 'headers'].map(
      (section) => `components.${section}.A`,
    ),
    ...['securitySchemes', 'links', 'callbacks', 'pathItems'].map(
      (section) => `components.${section}.A`,
    ),
    'components.headers.A.schema',
    ...['allOf', 'anyOf', 'oneOf', 'prefixItems'].map((name) => `components.schemas.A.${name}.[]`),
    ...[
      '$defs',
      'definitions',
      'dependencies',
      'dependentSchemas',
      'patternProperties',
      'properties',
    ].flatMap((name) =>
      ['x', '$ref', 'example', 'default', 'enum', 'const', 'x-a', '__proto__'].map(
        (property) => `components.schemas.A.${name}.${property}`,
      ),
    ),
    ...['additionalProperties', 'contains', 'contentSchema', 'else', 'if', 'items', 'not'].map(
      (name) => `components.schemas.A.${name}`,
    ),
    ...['propertyNames', 'then', 'unevaluatedItems', 'unevaluatedProperties'].map(
      (name) => `components.schemas.A.${name}`,
    ),
  ])('looks into %s', async (path) => {
    expect(await told(part(path))).toContain('"#/nowhere" points at nothing')
  })

  it.each([
    'x-a',
    'info.a',
    'paths.x-a',
    'paths./a.x-a',
    'paths./a.get.responses.x-a',
    'paths./a.get.parameters.[].example',
    'paths./a.get.responses.200.content.a/b.example',
    'paths./a.get.responses.200.content.a/b.examples.e.value',
    'paths./a.get.responses.200.links.l.parameters.p',
    'paths./a.get.responses.200.links.l.requestBody',
    'components.examples.e.value',
    'components.schemas.A.default',
    'components.schemas.A.const',
    'components.schemas.A.example',
    'components.schemas.A.enum.[]',
    'components.schemas.A.examples.[]',
    'components.schemas.A.x-a',
    'components.schemas.A.unknown',
  ])('takes %s for data', async (path) => {
    expect(await told(part(path))).toBe('no error')
  })

  it('goes on where only a reference says what a value is', async () => {
    const text = `x-schemas: {A: {properties: {b: {$ref: '#/x-schemas/C'}}}}
components: {schemas: {A: {$ref: '#/x-schemas/A'}}}`
    expect(await told(text)).toEqual(unresolved('#/x-schemas/C', '1:34'))
  })

  it('does not read what stands beside a reference that replaces its object', async () => {
    const beside = `{$ref: '#/components/responses/B', content: {a/b: {schema: {$ref: '#/x'}}}}`
    expect(await told(`components: {responses: {B: {}, A: ${beside}}}`)).toBe('no error')
    expect(
      await told(
        `components: {schemas: {B: {}, A: {$ref: '#/components/schemas/B', not: {$ref: '#/x'}}}}`,
      ),
    ).toContain('"#/x" points at nothing')
  })

  it('wants a string for a reference', async () => {
    expect(await told('components: {schemas: {A: {$ref: 1}}}')).toEqual([
      'DOCUMENT_INVALID',
      'expected "$ref" to be a string, received the number 1',
      'api.yaml:1:28',
      'put it in quotes',
    ])
  })

  it('wants no reference where none may stand', async () => {
    const text = 'paths: {/a: {get: {responses: {200: {content: {a/b: {$ref: "#"}}}}}}}'
    expect(await told(text)).toEqual([
      'DOCUMENT_INVALID',
      'expected a media type, received a "$ref", which may not stand for one',
      'api.yaml:1:54',
      undefined,
    ])
  })

  it('wants the target to be of the same kind', async () => {
    const text = (target: string) => `info: {title: T}
components:
  schemas: {A: {x-response: {}}, B: true}
  responses: {A: {$ref: '#/${target}'}}
x-a: {schemas: {A: {}}}
`
    const invalid = (target: string, received: string) => [
      'DOCUMENT_INVALID',
      `expected "#/${target}" to lead to a response, received ${received}`,
      'api.yaml:4:19',
      undefined,
    ]
    expect(await told(text('components/schemas/A'))).toEqual(
      invalid('components/schemas/A', 'a schema'),
    )
    expect(await told(text('components/schemas/B'))).toEqual(
      invalid('components/schemas/B', 'true'),
    )
    for (const target of ['x-a/schemas/A', 'components/schemas/A/x-response']) {
      expect(await told(text(target))).toBe('no error')
    }
    expect(await told(text('info/title'))).toEqual(invalid('info/title', '"T"'))
    const schema = (target: string) => `x: true\ncomponents: {schemas: {A: {$ref: '#/${target}'}}}`
    expect(await told(schema('x'))).toBe('no error')
  })
})

describe('a circle of references', () => {
  const circular = (ref: string, place: string, chain: string) => [
    'DOCUMENT_REF_CIRCULAR',
    `"#/components/${ref}" leads back to itself`,
    `api.yaml:${place}`,
    `the chain is ${chain
      .split(' ')
      .map((name) => `"#/components/${name}"`)
      .join(', ')}`,
  ]
  const refTo = (ref: string) => `{$ref: '#/components/${ref}'}`

  it('is told with its chain', async () => {
    const text = `components:
  responses:
    Start: ${refTo('responses/A')}
    A: ${refTo('responses/B')}
    B: ${refTo('responses/C')}
    C: ${refTo('responses/A')}
`
    expect(await told(text)).toEqual(
      circular('responses/B', '4:9', 'responses/B responses/C responses/A responses/B'),
    )
  })

  it('may be of one', async () => {
    const text = `components:\n  pathItems:\n    A: ${refTo('pathItems/A')}\n`
    expect(await told(text)).toEqual(circular('pathItems/A', '3:9', 'pathItems/A pathItems/A'))
  })

  it('is refused for schemas too, whatever stands beside', async () => {
    const text = `components:
  schemas:
    A: {type: object, $ref: '#/components/schemas/B'}
    B: ${refTo('schemas/A')}
`
    expect(await told(text)).toEqual(circular('schemas/B', '3:23', 'schemas/B schemas/A schemas/B'))
  })

  it('is none where a schema holds itself', async () => {
    const text = `components: {schemas: {A: {properties: {a: ${refTo('schemas/A')}}}, B: ${refTo('schemas/A/properties/a')}}}`
    expect(await told(text)).toBe('no error')
  })

  it('is found in linear time', async () => {
    const schemas = Array.from({ length: 20_000 }, (_, n) => [
      `S${n}`,
      { $ref: `#/components/schemas/S${n + 1}` },
    ])
    const last = [['S20000', {}]]
    const text = JSON.stringify({
      components: { schemas: Object.fromEntries([...schemas, ...last]) },
    })
    expect(await told(text)).toBe('no error')
    expect(
      await told(text.replace('"S20000":{}', '"S20000":{"$ref":"#/components/schemas/S0"}')),
    ).toContain('DOCUMENT_REF_CIRCULAR')
  })
})
