import type { RecordedRequest } from '../exchange/index.ts'
import type { Hole, Step } from '../plan/index.ts'
import { likenesses, placeShown } from '../probe/index.ts'
import { type Command, curl, type Expansion, variableOf, type Word, wordOf } from './shell.ts'
import type { Trace } from './trace.ts'

/**
 * Writes the shell lines that show one answer again: what arranges its states, the steps before it,
 * and the request itself.
 *
 * What a state answers goes into shell variables, because it will be another one next time. A
 * credential is `$VAR`, or stands as the way in which it was altered.
 */
export function reproduce(trace: Trace, index: number): readonly string[] {
  const shown = lastOfEach(trace.steps.slice(0, index + 1))
  const steps = shown.map(({ step, exchange }) => stepCommand(step, exchange.request))
  const used = variablesIn(steps)
  const arranging = trace.arranged
    .filter(({ given }) => isNeeded(given, trace, used))
    .flatMap((each) => arrange(each, trace, used))
  return [...arranging, ...steps.flatMap(curl)]
}

/** Of a repeated step one request is enough to be shown. */
function lastOfEach(steps: Trace['steps']): Trace['steps'] {
  return steps.filter(({ step }, index) => steps[index + 1]?.step.name !== step.name)
}

/** A state whose values only a later step uses need not be arranged. */
function isNeeded(given: string, { probe, scope }: Trace, used: ReadonlySet<string>): boolean {
  return (
    Object.keys(scope[given] ?? {}).some((value) => used.has(variableOf(given, value))) ||
    !probe.script.steps.some((step) => refersTo(step, given))
  )
}

function refersTo({ path, use }: Step, given: string): boolean {
  return (
    Object.values(path).some((hole) => 'given' in hole && hole.given === given) ||
    (use.kind === 'given' && use.given === given) ||
    (use.kind === 'altered' && use.of?.given === given)
  )
}

/** The requests that arrange one state, and which of its answered values are needed after them. */
function arrange(
  { given, requests }: Trace['arranged'][number],
  { scope }: Trace,
  usedBySteps: ReadonlySet<string>,
): readonly string[] {
  const values = Object.entries(scope[given] ?? {})
  const known = values.flatMap(([name, value]): Known[] =>
    typeof value === 'string' ? [{ value, variable: variableOf(given, name) }] : [],
  )
  const [first, ...others] = requests.map((request, index) =>
    arrangeCommand(request, index === 0 ? [] : known),
  )
  const used = new Set([...usedBySteps, ...variablesIn(others)])
  const answered = values
    .map(([name]) => variableOf(given, name))
    .filter((variable) => used.has(variable))
  const note =
    answered.length === 0
      ? []
      : [`# from the answer: ${answered.map((variable) => `${variable}=…`).join(' ')}`]
  return [...(first === undefined ? [] : curl(first)), ...note, ...others.flatMap(curl)]
}

type Known = { readonly value: string; readonly variable: string }

function arrangeCommand(
  { method, url, headers, body }: RecordedRequest,
  known: readonly Known[],
): Command {
  const inBody = (text: string) =>
    known.reduce<Word>((word, { value, variable }) => {
      const json = JSON.stringify(value)
      return splice(word, json, ['"', { variable }, '"'])
    }, laidOut(text))
  return {
    method,
    url: url.split('/').flatMap((segment, index): Word => {
      const found = known.find(({ value }) => encodeURIComponent(value) === segment)
      return [index === 0 ? '' : '/', found === undefined ? urlText(segment) : found]
    }),
    headers: shownHeaders(headers).map(([name, value]) => ({ name, value: wordOf(value) })),
    ...(body === undefined ? {} : { body: inBody(body) }),
    showsHead: false,
  }
}

function stepCommand(step: Step, request: RecordedRequest): Command {
  const { method, url, headers, body } = request
  const [address = '', query] = splitOnce(url, '?')
  return {
    method,
    url: [...pathWord(step, address), ...queryWord(step, query)],
    headers: shownHeaders(headers).map(([name, value]) => ({
      name,
      value: headerWord(step, name, value),
    })),
    ...(body === undefined ? {} : { body: laidOut(body) }),
    showsHead: true,
  }
}

/** Puts a variable where a value of a state stands in a recorded URL, which is found by the template. */
function pathWord({ operation, path }: Step, address: string): Word {
  const literals = operation.path.split(/\{[^{}]+\}/)
  const names = [...operation.path.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name)
  const template = literals
    .map((literal, index) => {
      const hole = path[names[index - 1] ?? '']
      const value = hole?.kind === 'raw' ? literally(hole.text) : '[^/]*'
      return `${index === 0 ? '' : `(${value})`}${literally(literal)}`
    })
    .join('')
  const match = new RegExp(`^(.*)${template}$`).exec(address)
  if (match === null) return [urlText(address)]
  const [, base = '', ...values] = match
  const filled = literals.flatMap((literal, index): Word => {
    const hole = path[names[index] ?? '']
    const value = urlText(values[index] ?? '')
    return [literal, ...(hole === undefined ? [value] : holeWord(hole, value))]
  })
  return [base, ...filled]
}

/** What fills a hole: what a state answered, and what is made of it, by its variable. */
function holeWord(hole: Hole, value: string): Word {
  if (hole.kind !== 'given' && hole.kind !== 'like') return [value]
  const variable = variableOf(hole.given, hole.value)
  if (hole.kind === 'given') return [{ variable }]
  const likeness = likenesses.find(({ id }) => id === hole.likeness)
  return likeness?.show(variable) ?? [value]
}

function literally(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function queryWord(step: Step, query: string | undefined): Word {
  if (query === undefined) return []
  const place = placeShown(step)
  return query.split('&').flatMap((pair, index): Word => {
    const [name = '', value = ''] = splitOnce(pair, '=')
    const isCredential = place?.in === 'query' && encodeURIComponent(place.name) === name
    return [
      `${index === 0 ? '?' : '&'}${urlText(name)}=`,
      ...(isCredential ? wordOf(value) : [value]).map(inUrl),
    ]
  })
}

function inUrl(part: Word[number]): Word[number] {
  return typeof part === 'string' ? urlText(part) : part
}

/** What the document gives as an example stands for itself, whatever a shell would make of it. */
function headerWord(step: Step, name: string, value: string): Word {
  if (name.toLowerCase() === 'cookie') {
    const place = placeShown(step)
    const key = place?.in === 'cookie' ? `${place.name}=` : undefined
    return value
      .split('; ')
      .flatMap(
        (each, index): Word => [
          index === 0 ? '' : '; ',
          ...(key !== undefined && each.startsWith(key) ? wordOf(each) : [each]),
        ],
      )
  }
  const isExample = step.operation.parameters.some(
    (parameter) =>
      parameter.in === 'header' &&
      parameter.name.toLowerCase() === name.toLowerCase() &&
      parameter.example !== undefined,
  )
  return isExample ? [value] : wordOf(value)
}

function shownHeaders(headers: RecordedRequest['headers']): RecordedRequest['headers'] {
  return headers.filter(([name]) => name.toLowerCase() !== 'accept')
}

/** A long body has one member to a line. */
function laidOut(body: string): Word {
  const value = body.length <= 87 ? undefined : parse(body)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [body]
  const members = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(name)}:${JSON.stringify(member)}`,
  )
  return [`{${members.join(',\n      ')}}`]
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Percent-encodes what may not stand in a URL as it is (RFC 3986, section 2). */
function urlText(text: string): string {
  return text.replaceAll(/[^\x21-\x7e]+|["<>\\^`{|}]/g, encodeURIComponent)
}

function splice(word: Word, needle: string, by: readonly [string, Expansion, string]): Word {
  return word.flatMap((part): Word => {
    if (typeof part !== 'string') return [part]
    return part
      .split(needle)
      .flatMap((piece, index): Word => (index === 0 ? [piece] : [...by, piece]))
  })
}

function splitOnce(text: string, mark: string): readonly string[] {
  const at = text.indexOf(mark)
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + mark.length)]
}

function variablesIn(commands: readonly Command[]): ReadonlySet<string> {
  return new Set(
    commands
      .flatMap(({ url, headers, body = [] }) => [
        ...url,
        ...headers.flatMap(({ value }) => value),
        ...body,
      ])
      .flatMap((part) =>
        typeof part === 'string'
          ? []
          : 'variable' in part
            ? [part.variable]
            : [...part.command.matchAll(/\$\{?(\w+)/g)].map(([, name = '']) => name),
      ),
  )
}
