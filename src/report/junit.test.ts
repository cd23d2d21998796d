import { readFile } from 'node:fs/promises'
import { XMLParser } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import { memoryPages, validateXML } from 'xmllint-wasm'
import { error, fail, finding, reportOf, type Said, skip } from './fixtures/report.ts'
import { runs } from './fixtures/runs.ts'
import { type Report, renderReport } from './index.ts'

const schema = await readFile(new URL('fixtures/junit.xsd', import.meta.url), 'utf8')
const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@' })
const one = { targets: [{ name: 'one', region: 'eu' }] }
const practice = finding({ check: 'body-encoding', level: 'should' })

const tell = (report: Report) => renderReport('junit', report, { color: false })

/** What libxml2 has against texts, by their names: that one is no XML, or not as the schema has it. */
async function complaints(texts: ReadonlyMap<string, string>): Promise<Record<string, string>> {
  const { rawOutput } = await validateXML({
    xml: [...texts.values()].map((contents, index) => ({ fileName: `${index}.xml`, contents })),
    schema,
    maxMemoryPages: 512 * memoryPages.MiB,
  })
  const said = rawOutput.split('\n')
  const refused = [...texts.keys()].flatMap((name, index) => {
    const about = said.filter((line) => line.startsWith(`${index}.xml`))
    return about.includes(`${index}.xml validates`) ? [] : [[name, about.join('\n')] as const]
  })
  return Object.fromEntries(refused)
}

type Case = Readonly<Record<'@name' | 'skipped' | 'failure' | 'error' | 'system-out', unknown>>

/** The test cases that a reader of the first suite sees, by name. */
function casesOf(xml: string): ReadonlyMap<unknown, Case> {
  const [suite] = [parser.parse(xml).testsuites.testsuite].flat()
  return new Map((suite.testcase as readonly Case[]).map((each) => [each['@name'], each]))
}

it('what a run of any kind says is valid JUnit', async () => {
  const texts = new Map<string, string>()
  for (const [name, report] of Object.entries(runs)) texts.set(name, await tell(report))
  expect(await complaints(texts)).toEqual({})
})

it('what could not be shown is told before what is mere practice', async () => {
  const warned = (said: Said): Said => ({ ...said, findings: [practice] })
  const said = {
    '200': warned(error('no answer came in time')),
    '401': warned(skip('undeclared', 'no state')),
    '404': warned(skip('declared', 'no seam')),
    '500': fail(finding(), practice),
  }
  const cases = casesOf(await tell(reportOf({ one: said }, one)))
  expect(cases.get('200')?.error).toMatchObject({
    '@message': 'no answer came in time',
    '@type': 'unseen',
    '#text': expect.stringContaining('body-encoding: expected'),
  })
  expect(cases.get('401')?.failure).toMatchObject({
    '@message': 'undeclared: no state',
    '@type': 'undeclared',
  })
  expect(cases.get('404')?.skipped).toMatchObject({ '@message': 'declared: no seam' })
  expect(cases.get('500')?.failure).toMatchObject({ '@type': 'status-code' })
})

describe('text that means something to XML or to a terminal', () => {
  const texts: Readonly<Record<string, string>> = {
    'every control character': String.fromCharCode(...Array.from({ length: 160 }, (_, at) => at)),
    'the end of a CDATA section': 'a]]>b<![CDATA[c]]>',
    'lone surrogates': 'a\ud800b\udc00c\ud83d\ude00',
    'what is no character': '\ufffe\uffff\u{1ffff}\ufdd0',
    'a script': '<script>alert(1)</script>&lt;&amp;&#0;&#x1b;&nbsp;\'"`',
    'a document type': '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>&b;',
    'a line of a megabyte': '<x&'.repeat(350_000),
    NUL: '\0',
    'escapes of a terminal': '\u001b[2J\u001b]0;title\u0007\u009b31m',
    'what invalid UTF-8 leaves': Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0xe2, 0x82]).toString(),
    'marks of order and direction': '\ufeff\u202e\u2028\u2029\u0085',
    'a comment and an instruction': '<!-- --><?xml version="1.0"?>--',
    'lines of all kinds': 'a\nb\r\nc\rd\te',
    nothing: '',
  }

  /** A run in which a server, a suite or a document says the text wherever it has a say. */
  function hostile(text: string): Report {
    const name = text.slice(0, 1000)
    const found = finding({ expected: name, because: [name], received: text, reproduce: [name] })
    const said = {
      '200': { findings: [{ ...found, level: 'should' as const }] },
      '401': fail(found),
      '404': error(name, name),
      '500': skip('declared', name),
      'deleted-stays-deleted': skip('undeclared', name),
      'deleted-credential-stops-working': skip('unproven', name),
    }
    const report = reportOf(
      { one: said, [`two${name}`]: { '*': skip('stopped', name) } },
      {
        targets: [
          { name: 'one', region: name },
          { name: `two${name}`, region: 'eu' },
        ],
        leftovers: [
          { target: 'one', state: `a${name}`, name: null, reason: name },
          { target: 'one', state: 'a state', name: `a${name}`, reason: name },
        ],
      },
    )
    return { ...report, suite: name, document: { ...report.document, name } }
  }

  it('leaves a report valid, wherever it stands', async () => {
    const reports = new Map<string, string>()
    for (const [name, text] of Object.entries(texts)) reports.set(name, await tell(hostile(text)))
    expect(await complaints(reports)).toEqual({})
    for (const xml of reports.values())
      expect(xml).toMatch(/name="one" tests="8" failures="5" errors="1" skipped="1"/)
  })

  it.each(Object.entries(texts).filter(([, text]) => text.length < 1000))(
    'is told as it was, or by its number: %s',
    async (_, text) => {
      const { failure } = casesOf(await tell(hostile(text))).get('401') as { failure: unknown }
      const shown = text
        .toWellFormed()
        .replaceAll(/[\0-\x1f\x7f-\x9f]/g, (each) => {
          return `\\x${each.charCodeAt(0).toString(16).padStart(2, '0')}`
        })
        .replaceAll(/[\ufffe\uffff]/g, '\ufffd')
      expect(failure).toMatchObject({ '#text': expect.stringContaining(`\nreceived ${shown}\n`) })
    },
  )

  it('is cut in a message, which is for a list, and whole in the text', async () => {
    const received = 'long '.repeat(200)
    const expected = 'short '.repeat(100)
    const report = reportOf({ one: { '401': fail(finding({ expected, received })) } }, one)
    const { failure } = casesOf(await tell(report)).get('401') as {
      failure: { '@message': string; '#text': string }
    }
    expect(failure['@message']).toMatch(/^status-code: expected short .*…$/)
    expect(failure['@message'].length).toBeLessThan(310)
    expect(failure['#text']).toContain(expected)
    expect(failure['#text']).toContain(received)
  })
})

it('the schema of these tests refuses what is wrong', async () => {
  const sound = await tell(reportOf({ one: { '500': skip('declared', 'no seam') } }, one))
  const spoilt = new Map<string, string>()
  for (const [name, right, wrong] of [
    ['a count that is no number', 'tests="6"', 'tests="six"'],
    ['a suite without a name', '<testsuite name="one"', '<testsuite'],
    ['an element of another kind', '<testcase ', '<case '],
    ['two outcomes of one case', '<skipped', '<error message="a"/><skipped'],
    ['a total of skips', '<testsuites ', '<testsuites skipped="1" '],
    ['a time that is none', 'Z"', '"> "'],
    ['text that is no XML', 'name="401"', 'name="<401>"'],
    ['half a report', '</testsuites>', ''],
  ] as const) {
    expect(sound).toContain(right)
    spoilt.set(name, sound.replace(right, wrong))
  }
  expect(await complaints(new Map([...spoilt, ['sound', sound]]))).toEqual(
    Object.fromEntries([...spoilt.keys()].map((name) => [name, expect.any(String)])),
  )
})
