import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { fail, finding, reportOf, skip } from './fixtures/report.ts'
import { runs } from './fixtures/runs.ts'
import { renderConsole } from './index.ts'

const tell = (report: Parameters<typeof renderConsole>[0]) =>
  renderConsole(report, { color: false })

describe('the console', () => {
  it.each(Object.entries(runs))('tells a run: %s', async (name, report) => {
    await expect(tell(report)).toMatchFileSnapshot(`fixtures/${name}.txt`)
  })

  it.each(Object.entries(runs))('keeps to 110 columns and to plain text: %s', (_, report) => {
    const text = tell(report)
    expect(text.split('\n').filter((line) => line.length > 110)).toEqual([])
    expect(text).not.toMatch(/[\0-\t\v-\x1f\x7f-\x9f]/)
    expect(text).not.toMatch(/[ \t]$/m)
    expect(text.endsWith('\n') && !text.endsWith('\n\n')).toBe(true)
  })

  it('is coloured where that is asked for, and says the same', () => {
    const report = runs.findings ?? reportOf()
    const coloured = renderConsole(report, { color: true })
    expect(coloured).toContain('\u001b[31mFAIL')
    expect(coloured).toContain('\u001b[32mpass')
    expect(stripVTControlCharacters(coloured)).toBe(tell(report))
  })

  it('calls targets by their names where two have one region', () => {
    const targets = ['blue', 'green'].map((name) => ({ name, region: 'eu' }))
    const text = tell(reportOf({ green: { '404': fail(finding()) } }, { targets }))
    expect(text).toContain('→ 404   status-code   in green (1 of 2)')
  })

  it('lists every expectation on every target, seen or not', () => {
    const text = tell(reportOf({ '*': { '*': skip('undeclared', 'no') } }))
    expect(text.match(/ skip/g)).toHaveLength(24 + 1)
  })

  it('tells findings apart by what came, and bodies by the rule alone', () => {
    const titles = (...received: string[]) =>
      ['status-code', 'body-schema'].map((check) => {
        const found = received.map((each) => finding({ check, received: each, because: [] }))
        return tell(reportOf({ '*': { '401': fail(...found) } })).match(/^FAIL/gm)?.length
      })
    expect(titles('403', '403')).toEqual([1, 1])
    expect(titles('403', '500')).toEqual([2, 1])
  })
})
