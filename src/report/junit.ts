import { XMLBuilder } from 'fast-xml-parser'
import type { Report, ReportTarget, ReportVerdict } from './collect.ts'
import { tellDisagreement } from './disagreements.ts'
import { nameAll } from './naming.ts'
import { listStale, standing, tellRows, tellVerdict } from './tell.ts'

/** Characters of a message; the text of the case has all. */
const longest = 300

/**
 * Writes JUnit XML: a suite per target, a case per expectation, `classname` the operation.
 *
 * A declared skip is `skipped`, a broken promise or a skip that nobody declared a `failure`, and what
 * could not be carried out an `error`.
 */
export function renderJunit(report: Report): string {
  const builder = new XMLBuilder({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    format: true,
    suppressEmptyNode: true,
    attributeValueProcessor: (_, value) => safe(String(value)),
    tagValueProcessor: (_, value) => safe(String(value)),
  })
  const targets = report.targets.map((target) => suiteOf(report, target))
  const suites = isCompared(report) ? [...targets, suiteOfAll(report)] : targets
  const xml: string = builder.build({
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    testsuites: {
      '@name': report.suite,
      ...sum(suites),
      '@time': seconds(report.ms),
      testsuite: suites,
    },
  })
  return xml
}

/** Whether targets were compared with each other. */
function isCompared({ answers, targets }: Report): boolean {
  return answers !== null && targets.length > 1
}

/** What the targets do not agree in, as one case of a suite of its own. */
function suiteOfAll(report: Report) {
  const names = nameAll(report)
  const told = report.disagreements.map((each) => tellDisagreement(each, names))
  const text = told.map((each) => `${each.title[0]}, ${each.where}\n${tellRows(each)}`).join('\n\n')
  const common = { '@classname': 'region-agreement', '@name': 'the regions agree' }
  const message = firstLine(told.map(tellRows).join('\n'))
  const failure = { '@message': message, '@type': 'region-agreement', '#text': text }
  const isFailed = told.some(({ kind }) => kind === 'fail')
  const more = isFailed ? { failure } : text === '' ? {} : { 'system-out': text }
  return suiteWith(report, 'every region', {}, [{ ...common, ...more }])
}

function suiteOf(report: Report, { name, region, baseUrl, runs }: ReportTarget) {
  const verdicts = report.verdicts.filter(({ target }) => target === name)
  const cases = [
    ...verdicts.map((verdict) => caseOf(report, verdict)),
    ...report.leftovers
      .filter(({ target }) => target === name)
      .map((left) => ({
        '@classname': 'cleanup',
        '@name': left.name ?? left.state,
        failure: {
          '@message': 'may be left on the target',
          '@type': 'leftover',
          '#text': left.reason,
        },
      })),
    ...staleIn(report, name).map(({ fingerprint, at, reason }) => ({
      '@classname': 'baseline',
      '@name': fingerprint,
      failure: { '@message': reason, '@type': 'stale', '#text': `${reason}\n${at}` },
    })),
  ]
  const remarks = report.remarks.filter(({ target }) => target === name).map(({ text }) => text)
  const said = runs === undefined ? {} : { runs: runs.join(' and ') || 'unknown' }
  return {
    ...suiteWith(report, name, { region, baseUrl, ...said }, cases),
    ...(remarks.length === 0 ? {} : { 'system-out': remarks.join('\n') }),
  }
}

function suiteWith(
  report: Report,
  name: string,
  facts: Readonly<Record<string, string>>,
  cases: readonly object[],
) {
  const count = (element: string) => cases.filter((each) => element in each).length
  return {
    '@name': name,
    '@tests': cases.length,
    '@failures': count('failure'),
    '@errors': count('error'),
    '@skipped': count('skipped'),
    '@timestamp': report.startedAt,
    '@time': seconds(report.ms),
    properties: {
      property: Object.entries({
        ...facts,
        ...(report.seed === null ? {} : { seed: report.seed }),
        ...(report.run === null ? {} : { run: report.run }),
        document: report.document.name,
        documentHash: report.document.hash,
        tool: `${report.tool.name} ${report.tool.version}`,
      }).map(([key, value]) => ({ '@name': key, '@value': value })),
    },
    testcase: cases,
  }
}

/** What is out of date of the baseline on a target; the first takes what is about none of them. */
function staleIn(report: Report, name: string) {
  const isHere = (target: string) => report.targets.some((each) => each.name === target)
  const isFirst = report.targets[0]?.name === name
  return listStale(report).filter(({ target }) => (isHere(target) ? target === name : isFirst))
}

function caseOf(report: Report, verdict: ReportVerdict) {
  const expectation = report.expectations.find(({ id }) => id === verdict.expectation)
  const common = {
    '@classname': expectation?.operation ?? verdict.expectation,
    '@name': expectation?.name ?? verdict.expectation,
  }
  const text = tellVerdict(verdict)
  const message = firstLine(text)
  const [finding] = verdict.verdict === 'fail' ? verdict.findings : []
  const type = finding?.check ?? verdict.why ?? verdict.codes?.[0] ?? 'unseen'
  switch (standing(verdict)) {
    case 'skip':
      return { ...common, skipped: { '@message': message } }
    case 'fail':
      return { ...common, failure: { '@message': message, '@type': type, '#text': text } }
    case 'error':
      return { ...common, error: { '@message': message, '@type': type, '#text': text } }
    default:
      return text === '' ? common : { ...common, 'system-out': text }
  }
}

/** The counts of the whole; the schema that Jenkins publishes has no place for skips there. */
function sum(suites: readonly ReturnType<typeof suiteOf>[]) {
  const total = (key: '@tests' | '@failures' | '@errors') =>
    suites.reduce((all, suite) => all + suite[key], 0)
  return {
    '@tests': total('@tests'),
    '@failures': total('@failures'),
    '@errors': total('@errors'),
  }
}

/** What readers show in a list: one line, as long as a list can hold. */
function firstLine(text: string): string {
  const [line = ''] = text.split('\n')
  return line.length <= longest ? line : `${line.slice(0, longest)}…`
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}

/** Text without the characters that XML 1.0, section 2.2, has no way to write. */
function safe(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
}
