import { AssayError } from '../../errors.ts'
import { createMask, type Exchange, headerValues, openClient } from '../../exchange/index.ts'
import { bareForm, placeOf, showPlace, type Target } from '../../target/index.ts'
import type { BrokerAccess } from './access.ts'
import { isObject, type Members, membersOf } from './json.ts'
import { type CliEnd, runPactCli } from './pact-cli.ts'

/** A Pact Broker that answered as one. */
export type Broker = {
  readonly url: string
  /** Where the broker keeps something, by the relation its index names it with (HAL, section 5). */
  link(relation: string, values?: Readonly<Record<string, string>>): string
  /**
   * Sends one request with the credential and reads the answer.
   *
   * @throws AssayError BROKER_UNREACHABLE, BROKER_UNAUTHORIZED, BROKER_CONFLICT (409), BROKER_FAILED
   */
  ask(method: 'GET' | 'POST' | 'PUT', location: string, body?: unknown): Promise<Answer>
  /** Runs a command of `pact-cli broker` against it; what it said comes back without the credential. */
  run(args: readonly string[], folder?: string): Promise<CliEnd>
  /** Covers the credential where the broker, or pact-cli, put it into a text for people. */
  hide(text: string): string
  close(): Promise<void>
}

/** 404 is an answer, and its value undefined. */
export type Answer = { readonly found: boolean; readonly value: Members }

export type OpenOptions = {
  readonly userAgent: string
  /** Milliseconds for one request; pact-cli gets twice as long for a command. Default: 20 000. */
  readonly timeout?: number | undefined
}

/**
 * Reads the index of a broker, so that a wrong address or credential is known before anything is done.
 *
 * @throws AssayError as `Broker.ask` does
 */
export async function openBroker(
  access: BrokerAccess,
  { userAgent, timeout = 20_000 }: OpenOptions,
): Promise<Broker> {
  const { origin, pathname } = new URL(access.url)
  const client = openClient(asTarget(access, timeout), { userAgent })
  const mask = createMask()
  const { authorization, proxies } = access
  for (const secret of [authorization, ...secretsOf(proxies)]) if (secret) mask.hide(secret)
  const hide = (text: string) => mask.text(text, 'broker', [])
  let index: Members = {}

  async function ask(method: string, location: string, body?: unknown): Promise<Answer> {
    const { exchange, captured } = await client.send(
      {
        method,
        baseUrl: origin,
        path: pathOf(location),
        headers: [
          ['accept', 'application/hal+json, application/json'],
          ...(access.authorization ? [['authorization', access.authorization] as const] : []),
        ],
        ...(body === undefined ? {} : { body }),
      },
      // Links have to come whole, even where a short password happens to stand in one.
      { capture: (answer) => (isObject(answer) ? { json: JSON.stringify(answer) } : {}) },
    )
    if (exchange.kind === 'failed') throw unreachable(access.url, exchange.reason)
    const { status } = exchange.response
    if (status === 404) return { found: false, value: {} }
    if (status < 200 || status > 299) throw refusal(access.url, method, location, exchange)
    if (captured.json === undefined) throw noJson(access.url, location, exchange)
    return { found: true, value: membersOf(JSON.parse(String(captured.json))) }
  }

  try {
    const { found, value } = await ask('GET', pathname)
    index = membersOf(value._links)
    if (!found || index['pb:publish-contracts'] === undefined) throw noBroker(access.url)
  } catch (error) {
    await client.close()
    throw error
  }
  return {
    url: access.url,
    ask,
    link(relation, values = {}) {
      const { href } = membersOf(index[relation])
      if (typeof href === 'string') return expandTemplate(href, values)
      throw new AssayError('BROKER_FAILED', `the broker at ${access.url} has no ${relation}`, {
        hint: 'it may be too old: 2.107 and later are known to work',
      })
    },
    async run(args, folder) {
      const { out, said, ...end } = await runPactCli(args, { access, folder, timeout: 2 * timeout })
      return { ...end, out, said: hide(said) }
    },
    hide,
    close: () => client.close(),
  }
}

function secretsOf(proxies: BrokerAccess['proxies']) {
  return [proxies?.http?.authorization, proxies?.https?.authorization]
}

/** A broker often does not know its own address, so only the path of a link counts. */
function pathOf(location: string): string {
  if (!URL.canParse(location)) return location
  const { pathname, search } = new URL(location)
  return `${pathname}${search}`
}

function expandTemplate(href: string, values: Readonly<Record<string, string>>): string {
  return href.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''))
}

function asTarget({ url, proxies, trust }: BrokerAccess, timeout: number): Target {
  return {
    name: 'broker',
    region: 'broker',
    baseUrl: url,
    credential: undefined,
    form: bareForm,
    headers: [],
    states: undefined,
    faultHeader: undefined,
    faultState: false,
    safety: 'shared',
    allowedHosts: [showPlace(placeOf(url))],
    proxies,
    trust,
    embedded: false,
    cannot: [],
    lapsed: [],
    limits: {
      workers: 4,
      rate: undefined,
      requestBudget: 100_000,
      creationBudget: 0,
      connectTimeout: Math.min(timeout, 5000),
      requestTimeout: timeout,
      probeTimeout: timeout,
      patience: timeout,
      retries: 0,
      bodyLimit: 64 * 1024 * 1024,
    },
  }
}

export function unreachable(url: string, reason: string): AssayError {
  return new AssayError('BROKER_UNREACHABLE', `the broker at ${url} gave no answer: ${reason}`, {
    hint: 'look whether it runs; what was already published may be published again without harm',
  })
}

export function unauthorized(url: string, status: number): AssayError {
  return new AssayError('BROKER_UNAUTHORIZED', `the broker at ${url} answered ${status}`, {
    hint: 'set PACT_BROKER_TOKEN, or PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD, to what it accepts',
  })
}

type Answered = Extract<Exchange, { kind: 'answered' }>

function refusal(
  url: string,
  method: string,
  location: string,
  { response }: Answered,
): AssayError {
  const { status, body } = response
  if (status === 401 || status === 403) return unauthorized(url, status)
  const code = status === 409 ? 'BROKER_CONFLICT' : 'BROKER_FAILED'
  const message = `the broker at ${url} answered ${status} to ${method} ${pathOf(location)}`
  return new AssayError(code, message, { hint: `it said: ${excerptOf(body)}` })
}

function noJson(url: string, location: string, { response }: Answered): AssayError {
  const type = headerValues(response, 'content-type')[0] ?? 'no media type'
  const message = `the broker at ${url} answered ${pathOf(location)} with ${type}, where JSON was expected`
  return new AssayError('BROKER_FAILED', message, {
    hint: 'look whether PACT_BROKER_BASE_URL leads to the broker itself, past any sign-in page',
  })
}

function noBroker(url: string): AssayError {
  return new AssayError('BROKER_FAILED', `what answers at ${url} is no Pact Broker`, {
    hint: 'PACT_BROKER_BASE_URL is the address of its first page',
  })
}

function excerptOf(body: Uint8Array): string {
  const text = Buffer.from(body).toString('utf8').replaceAll(/\s+/g, ' ').trim()
  return text.length > 300 ? `${text.slice(0, 300)}…` : text || 'nothing'
}
