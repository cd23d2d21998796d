import { describe, expect, it } from 'vitest'
import { JsonSyntaxError, scanJson } from './scan-json.ts'

const accepts = (read: () => unknown): boolean => {
  try {
    read()
    return true
  } catch (error) {
    if (error instanceof JsonSyntaxError || error instanceof SyntaxError) return false
    throw error
  }
}

/** Texts that are nearly JSON: a good one with a few characters taken, put in or swapped. */
function* mutations(count: number): Generator<string> {
  const seeds = [
    '{"a":[1,-0.5e+3,true,null,"x\\u00e9\\n"],"b":{"":{}}}',
    '[[],{},"",0,false]',
    '-1',
  ]
  const pieces = [...'{}[],:"\\01e.-+ \n\ttunf/b\u0000\u2028é', 'null', 'true', '\\u12', '""']
  let state = 1
  const random = (below: number): number => {
    state = (state * 48271) % 2147483647
    return state % below
  }
  for (let n = 0; n < count; n++) {
    let text = seeds[random(seeds.length)] ?? ''
    for (let edits = random(3); edits >= 0; edits--) {
      const at = random(text.length + 1)
      text = text.slice(0, at) + (pieces[random(pieces.length)] ?? '') + text.slice(at + random(3))
    }
    yield text
  }
}

describe('a scan of JSON', () => {
  it('accepts exactly what JSON.parse accepts', () => {
    let good = 0
    for (const text of mutations(30_000)) {
      const parsed = accepts(() => JSON.parse(text))
      const scanned = accepts(() => scanJson(text, {}))
      if (parsed) good++
      if (parsed !== scanned) expect.fail(`${JSON.stringify(text)}: JSON.parse says ${parsed}`)
    }
    expect(good).toBeGreaterThan(1000)
  })

  it('tells of every part in the order of the text', () => {
    const told: string[] = []
    scanJson(' {"a\\u0062": [1, "x"], "c": {}} ', {
      open: (kind, offset) => told.push(`${kind} ${offset}`),
      key: (name, offset) => told.push(`key ${name} ${offset}`),
      scalar: (start, end) => told.push(`scalar ${start}-${end}`),
      close: (end) => told.push(`close ${end}`),
    })
    expect(told).toEqual([
      'object 1',
      'key ab 2',
      'array 13',
      'scalar 14-15',
      'scalar 17-20',
      'close 21',
      'key c 23',
      'object 28',
      'close 30',
      'close 31',
    ])
  })

  it('does not mind a million levels', () => {
    const levels = 1_000_000
    let deepest = 0
    let depth = 0
    scanJson('['.repeat(levels) + ']'.repeat(levels), {
      open: () => {
        depth++
        deepest = Math.max(deepest, depth)
      },
      close: () => {
        depth--
      },
    })
    expect([deepest, depth]).toEqual([levels, 0])
  })
})
