import type { Disclosure } from '../../exchange/index.ts'
import { type Check, type Complaint, type Evidence, printable } from '../evidence.ts'
import { findLeaks, hasLeak, type Leak } from '../leaks/index.ts'

/**
 * The answer gives nothing away: no credential (CWE-522), and nothing of the machine behind it (CWE-209).
 *
 * A credential is `must`, for answers are logged and shown where requests are not; the rest is practice.
 * What the document itself publishes, or the request named, is given away already.
 */
export const disclosure: Check = {
  id: 'disclosure',
  level: 'must',
  files: 'any',
  proves:
    'the answer gives no credential back, in whatever encoding, and shows no stack trace, database text, file path or internal host',
  source: 'practice (CWE-209, CWE-522, RFC 1918); a whole credential is `must`, all else `should`',
  example: {
    expected: 'no credential in an answer',
    received: 'a credential in the body, shown here as ***',
  },
  cure: 'answer with a text of your own and keep the rest for the log. What the document gives as an example is no disclosure.',

  run(evidence) {
    return [...credentials(evidence), ...leaks(evidence)]
  },
}

function credentials({ response, credentials: known }: Evidence): readonly Complaint[] {
  const judged = response.disclosed.filter(({ secret }) => isCredential(secret, known))
  const whole = placesOf(judged.filter(({ extent }) => extent !== 'part'))
  const parts = placesOf(judged.filter(({ extent }) => extent === 'part'))
  return [
    ...whole.map((where) => ({
      expected: 'no credential in an answer',
      received: `a credential in the ${where}, shown here as ***`,
      rule: `credential in ${where}`,
    })),
    ...parts
      .filter((where) => !whole.includes(where))
      .map((where) => ({
        expected: 'no part of a credential in an answer',
        received: `a part of a credential in the ${where}, shown here as ***`,
        rule: `part of a credential in ${where}`,
        level: 'should' as const,
      })),
  ]
}

/** What a state answered beside names and keys is hidden too, but it is no credential unless it is used as one. */
function isCredential(secret: string, known: ReadonlySet<string>): boolean {
  return !/^\{[^{}]+\.[^{}]+\}$/.test(secret) || known.has(secret)
}

function placesOf(disclosed: readonly Disclosure[]): readonly string[] {
  return [...new Set(disclosed.map(({ where }) => where))]
}

function leaks(evidence: Evidence): readonly Complaint[] {
  const { response, request, promises } = evidence
  const text = textOf(evidence)
  const whole = [...response.headers.map(([, value]) => value), text].join('\n')
  if (!hasLeak(whole)) return []
  const asked = decoded(request.url)
  const isExcused = (match: string) =>
    asked.includes(match) ||
    hostOf(request.url) === match ||
    publishes(promises.document.root, match)
  const success = response.status < 400
  const found = new Map<string, Complaint>()
  const tell = (where: string, { kind, match }: Leak) => {
    if (found.has(kind.name)) return
    found.set(kind.name, {
      expected: `no ${kind.name} in an answer`,
      received: `${printable(match.slice(0, 120))} in the ${where}`,
      rule: `${kind.name} in ${where}`,
      level: 'should',
    })
  }
  for (const [name, value] of response.headers) {
    for (const leak of findLeaks(value, isExcused)) tell(`header ${name}`, leak)
  }
  for (const leak of findLeaks(text, isExcused)) {
    if (!success || !leak.kind.mayBeData) tell('body', leak)
  }
  return [...found.values()]
}

/** All texts of a JSON body, unescaped; any other body as it is. */
function textOf({ json, response }: Evidence): string {
  const body = json()
  if (body.kind !== 'json') return Buffer.from(response.body).toString('utf8')
  const texts: string[] = []
  const open: unknown[] = [body.value]
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value === 'string') texts.push(value)
    else if (typeof value === 'object' && value !== null) open.push(...Object.values(value))
  }
  return texts.reverse().join('\n')
}

function decoded(url: string): string {
  try {
    return `${url}\n${decodeURIComponent(url)}`
  } catch {
    return url
  }
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : ''
}

const published = new WeakMap<object, string>()

/** Whether a text stands somewhere in the document. */
function publishes(root: object, match: string): boolean {
  const text = published.get(root) ?? JSON.stringify(root)
  published.set(root, text)
  return text.includes(JSON.stringify(match).slice(1, -1))
}
