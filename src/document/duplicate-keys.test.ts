import { describe, expect, it } from 'vitest'
import { findDuplicateKeys } from './duplicate-keys.ts'

const differs = (one: string, other: string): boolean | undefined =>
  findDuplicateKeys(`{"a":${one},"a":${other}}`)[0]?.differs

describe('duplicate keys', () => {
  it('are none where each object holds each key once', () => {
    expect(findDuplicateKeys('{"a":{"a":[{"a":1},{"a":1}]},"b":"a"}')).toEqual([])
    expect(findDuplicateKeys('"a"')).toEqual([])
  })

  it('are told with pointer and offset of the repeated key, in the order of the text', () => {
    expect(findDuplicateKeys('{"x/y":[0,{"k":1,"k":2}],"x/y":{"k":1,"k":1}}')).toEqual([
      { pointer: '/x~1y/1/k', offset: 17, differs: true },
      { pointer: '/x~1y', offset: 25, differs: true },
      { pointer: '/x~1y/k', offset: 38, differs: false },
    ])
  })

  it('are the same however they are escaped', () => {
    expect(findDuplicateKeys('{"a":1,"\\u0061":1}')).toEqual([
      { pointer: '/a', offset: 7, differs: false },
    ])
  })

  it('are found where only an inner object has them', () => {
    expect(findDuplicateKeys('[{"a":{"b":1,"b":1}}]')).toEqual([
      { pointer: '/0/a/b', offset: 13, differs: false },
    ])
  })

  it('are each compared with the first', () => {
    const told = findDuplicateKeys('{"a":1,"a":2,"a":1}').map((duplicate) => duplicate.differs)
    expect(told).toEqual([true, false])
  })

  it('do not differ where the values are equal JSON', () => {
    expect(differs('{"x":1,"y":[true,null]}', '{ "y" : [true,null], "x" : 1 }')).toBe(false)
    expect(differs('"\\u0061/"', '"a\\/"')).toBe(false)
    expect(differs('1', '1.0')).toBe(false)
    expect(differs('120', '1.2e2')).toBe(false)
    expect(differs('-0', '0.0e5')).toBe(false)
    expect(differs('{"x":1,"x":1}', '{"x":1}')).toBe(false)
  })

  it('differ where the values are not', () => {
    expect(differs('[1,2]', '[2,1]')).toBe(true)
    expect(differs('[]', '{}')).toBe(true)
    expect(differs('1', '"1"')).toBe(true)
    expect(differs('{"x":null}', '{}')).toBe(true)
    expect(differs('{"x":1}', '{"y":1}')).toBe(true)
    expect(differs('9007199254740993', '9007199254740992')).toBe(true)
    expect(differs('1e400', '1e401')).toBe(true)
    expect(differs('-1', '1')).toBe(true)
    expect(differs('1001', '1100')).toBe(true)
    expect(differs('[[1],2]', '[1,[2]]')).toBe(true)
  })

  it('are found for names that every object inherits', () => {
    expect(findDuplicateKeys('{"constructor":1,"toString":2}')).toEqual([])
    expect(findDuplicateKeys('{"__proto__":1,"__proto__":2}')).toEqual([
      { pointer: '/__proto__', offset: 15, differs: true },
    ])
  })

  it('are compared in linear time and without recursion, however deep they nest', () => {
    const levels = 20_000
    const nested = `${'{"a":0,"a":'.repeat(levels)}0${'}'.repeat(levels)}`
    expect(findDuplicateKeys(`{"b":${nested},"b":${nested}}`).at(levels)?.differs).toBe(false)
  })
})
