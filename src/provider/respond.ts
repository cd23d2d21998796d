import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { type Answer, internalError, refuse } from './answer.ts'
import { deleteToken } from './delete-token.ts'
import type { Fault } from './fault.ts'
import { whoAsks } from './ledger.ts'
import { encodeAnswer, type Message, sendMessage } from './message.ts'
import { BodyRefused, readJson } from './read-json.ts'
import { findRoute, type OperationId, type Route, tokenPrefix } from './route.ts'
import { faultHeader, type Seam } from './seam.ts'
import type { Seeded } from './seed.ts'
import { changeState } from './states.ts'
import { createToken, listTokens } from './tokens.ts'

export type Ground = Seeded & {
  readonly faults: readonly Fault[]
  /** Whether there is a state URL. */
  readonly states: boolean
  /** undefined: nothing makes a request fail inside. */
  readonly seam: Seam | undefined
}

/** Answers each request of one region; faults see those of `deleteApiToken` only. */
export function createResponder(ground: Ground): RequestListener {
  const { faults, states, seam, store, owner, ledger } = ground
  const sender = faults.find((fault) => fault.send !== undefined)
  const faultName = faultHeader.name.toLowerCase()

  function fails(operation: OperationId, request: IncomingMessage): boolean {
    if (seam === undefined) return false
    if (seam.trips(operation)) return true
    return operation === 'deleteApiToken' && request.headers[faultName] === faultHeader.value
  }

  function respondDelete(
    id: string,
    failing: boolean,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    const visit = { id, authorization: request.headers.authorization, request, store, owner }
    let message = limited(encodeAnswer(deleteToken(visit, faults, failing)))
    for (const fault of faults) message = fault.message?.(message, visit) ?? message
    if (sender?.send === undefined) sendMessage(response, message)
    else sender.send(response, message, visit)
  }

  /** Faults see it only below the path of tokens. */
  function respondRefused(
    { answer, id }: Route & { kind: 'refused' },
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    let given = answer
    if (request.url?.startsWith(tokenPrefix) === true) {
      const visit = { id, authorization: request.headers.authorization, request, store, owner }
      for (const fault of faults) given = fault.refused?.(given, visit) ?? given
    }
    send(response, given)
  }

  async function setState(request: IncomingMessage): Promise<Answer> {
    const wanted = await readJson(request)
    return inNameOf(request, () => changeState(wanted, ground))
  }

  function inNameOf<T>({ headers }: IncomingMessage, work: () => T): T {
    return ledger.acting(whoAsks(headers['user-agent']), work)
  }

  return (request, response) => {
    const route = findRoute(request.method ?? '', request.url ?? '', states)
    if (route.kind === 'refused')
      return inNameOf(request, () => respondRefused(route, request, response))
    if (route.kind === 'states') return sendLater(response, setState(request))
    const failing = fails(route.operation, request)
    if (route.operation === 'deleteApiToken')
      return inNameOf(request, () => respondDelete(route.id, failing, request, response))
    if (failing) return send(response, internalError)
    const asked = { authorization: request.headers.authorization, store }
    if (route.operation === 'listApiTokens') return send(response, listTokens(asked))
    const created = createToken({
      ...asked,
      readBody: () => readJson(request),
      acting: (work) => inNameOf(request, work),
    })
    return sendLater(response, created)
  }
}

/** Says how many requests are let in, as real control planes do. */
function limited(message: Message): Message {
  return { ...message, headers: [...message.headers, ['RateLimit-Limit', '100']] }
}

function send(response: ServerResponse, answer: Answer): void {
  sendMessage(response, encodeAnswer(answer))
}

function sendLater(response: ServerResponse, pending: Promise<Answer>): void {
  pending.then(
    (answer) => send(response, answer),
    (error: unknown) => send(response, explain(error)),
  )
}

/** A body that was not read to its end leaves the connection unfit for another request. */
function explain(error: unknown): Answer {
  if (!(error instanceof BodyRefused)) return internalError
  const { status, message } = error
  return refuse(status, message, status === 413 ? [['Connection', 'close']] : [])
}
