import { lookUp, splitPointer } from './document/index.ts'
import { AssayError } from './errors.ts'
import { type Client, type Exchange, headerValues, type Response } from './exchange/index.ts'
import type { Target } from './target/index.ts'

export type VersionWatch = {
  /** The client, the answers to which are watched. */
  readonly client: Client
  /** Asks the endpoint that the suite names, if it names one; what goes wrong is a remark. */
  ask(): Promise<void>
  /**
   * The versions that were seen, in the order of their coming; undefined: the suite names no place.
   *
   * @param remark takes what is to be known of them
   */
  list(remark: (text: string) => void): readonly string[] | undefined
}

const most = 8
const longest = 100

/** Milliseconds in which the endpoint has to answer, for nothing else is sent meanwhile. */
const patience = 5000

/**
 * Watches which version a target runs: by a header of its ordinary answers, or by an endpoint.
 *
 * Several are seen where a rollout is under way. The endpoint is asked once, without a credential.
 */
export function watchVersions(opened: Client, target: Target): VersionWatch {
  const { version } = target
  const seen = new Set<string>()
  let answered = false
  let failure: string | undefined

  function note(text: unknown): boolean {
    const found = typeof text === 'number' ? String(text) : text
    if (typeof found !== 'string' || found.trim() === '') return false
    if (seen.size < most) seen.add(found.trim().slice(0, longest))
    return true
  }

  function noteHeader(response: Response): boolean {
    return headerValues(response, version?.header ?? '').filter(note).length > 0
  }

  /** Reads the answer of the endpoint; the answer says why that cannot be done. */
  function read(exchange: Exchange): string | undefined {
    if (exchange.kind === 'failed') return exchange.reason
    const { response } = exchange
    if (response.status < 200 || response.status > 299) return `it answered ${response.status}`
    if (version?.header !== undefined && noteHeader(response)) return undefined
    if (version?.pointer === undefined) return `it has no header ${version?.header}`
    return note(valueAt(response, version.pointer))
      ? undefined
      : `nothing stands at ${version.pointer} of it`
  }

  async function ask(): Promise<void> {
    if (version?.path === undefined) return
    const { baseUrl, headers } = target
    const request = { method: 'GET', baseUrl, path: version.path, headers }
    const accept = [['accept', 'application/json, */*;q=0.5'] as const, ...headers]
    try {
      const until = performance.now() + patience
      const { exchange } = await opened.send({ ...request, headers: accept }, { until })
      failure = read(exchange)
    } catch (error) {
      if (!(error instanceof AssayError)) throw error
      failure = error.message
    }
  }

  const send: Client['send'] = async (request, options) => {
    const sent = await opened.send(request, options)
    if (sent.exchange.kind === 'answered' && request.baseUrl === target.baseUrl) {
      answered = true
      if (version?.path === undefined) noteHeader(sent.exchange.response)
    }
    return sent
  }

  const client: Client = Object.create(opened, { send: { value: send } })

  function list(remark: (text: string) => void): readonly string[] | undefined {
    if (version === undefined) return undefined
    const versions = [...seen]
    if (failure !== undefined) remark(`what it runs is unknown: GET ${version.path}: ${failure}`)
    else if (versions.length === 0 && answered)
      remark(`what it runs is unknown: none of its answers has the header ${version.header}`)
    if (versions.length > 1) remark(`it ran several versions meanwhile: ${versions.join(', ')}`)
    return versions
  }

  return { client: version === undefined ? opened : client, ask, list }
}

function valueAt({ body }: Response, pointer: string): unknown {
  try {
    return lookUp(JSON.parse(Buffer.from(body).toString('utf8')), splitPointer(pointer))
  } catch {
    return undefined
  }
}
