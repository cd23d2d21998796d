import { describe, expect, it } from 'vitest'
import { escapePointer, joinPointer, lookUp, splitPointer } from './pointer.ts'

describe('a JSON Pointer', () => {
  it('escapes the tilde before the slash', () => {
    expect(escapePointer('~1/a~')).toBe('~01~1a~0')
  })

  it('joins unescaped segments to a base', () => {
    expect(joinPointer('/paths', '/a/{id}', 'get')).toBe('/paths/~1a~1{id}/get')
    expect(joinPointer('')).toBe('')
  })

  it('splits into what was joined, empty names included', () => {
    const segments = ['', 'a/b', '~0', '~', '0', '']
    expect(splitPointer(joinPointer('', ...segments))).toEqual(segments)
  })

  it('has no segment at the root', () => {
    expect(splitPointer('')).toEqual([])
  })

  it('refuses a text that is no pointer, for only our own mistake can bring one', () => {
    expect(() => splitPointer('a/b')).toThrow(new Error('"a/b" is no JSON Pointer'))
  })

  it('finds members and items, null included', () => {
    const value = { a: [{ b: null }], '': 1 }
    expect(lookUp(value, ['a', '0', 'b'])).toBeNull()
    expect(lookUp(value, [''])).toBe(1)
    expect(lookUp(value, [])).toBe(value)
  })

  it('finds nothing behind an index that is not written as RFC 6901 writes it', () => {
    for (const index of ['00', '-', '1', '+0', 'length', '0x0']) {
      expect(lookUp([7], [index])).toBeUndefined()
    }
  })

  it('finds own members only', () => {
    expect(lookUp({}, ['constructor'])).toBeUndefined()
    expect(lookUp({}, ['__proto__'])).toBeUndefined()
    expect(lookUp(JSON.parse('{"__proto__":{"a":1}}'), ['__proto__', 'a'])).toBe(1)
    expect(lookUp('text', ['length'])).toBeUndefined()
  })
})
