import { describe, expect, it } from 'vitest'
import { nearest } from './nearest.ts'

describe('the nearest word', () => {
  it('is the one with the fewest other letters', () => {
    expect(nearest('NotFond', ['Unauthorized', 'NotFound', 'NotFounded'])).toBe('NotFound')
  })

  it('is found whatever its case', () => {
    expect(nearest('AUTHORIZATION', ['authentication', 'authorization'])).toBe('authorization')
  })

  it('is none where more than a third differs', () => {
    expect(nearest('Pet', ['Order', 'Cat', 'User'])).toBeUndefined()
    expect(nearest('id', [])).toBeUndefined()
  })

  it('is never one that shares no letter', () => {
    expect(nearest('a', ['b'])).toBeUndefined()
    expect(nearest('in', ['id'])).toBe('id')
  })

  it('is the first of several that are equally near', () => {
    expect(nearest('cat', ['bat', 'hat'])).toBe('bat')
  })
})
