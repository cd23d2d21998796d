import { isSafe, methodOf, type Step } from '../../plan/index.ts'
import { type Evidence, isBodyless, isJson } from '../evidence.ts'
import { type BodyShape, drawBody } from './body-shape.ts'
import { drawHeaders } from './headers.ts'

/** What an answer looks like, whatever its ids, dates, numbers and texts. It holds no value of a body. */
export type Portrait = {
  /** The expectation whose status came. */
  readonly cell: string
  readonly status: number
  /** Without parameters, `none` where none is named; `, undocumented` behind it. Absent where no content can be. */
  readonly mediaType?: string
  /** Of JSON alone. */
  readonly body?: BodyShape
  /** `data`: it tells of what others made. `large`: it is too large to be looked at in whole. */
  readonly partly?: 'data' | 'large'
  /** Those that matter. */
  readonly headers: Readonly<Record<string, string>>
}

/** One answer to one step, as far as targets are compared by it. */
export type Drawn = {
  readonly step: string
  /** Whether the step takes several statuses as they come. */
  readonly several: boolean
  readonly portrait: Portrait
  /** Milliseconds; of a request alone that was sent by itself, over a connection that was open. */
  readonly ms?: number
  readonly reproduce: () => readonly string[]
}

/** Draws an answer that is compared: none of those that were asked for at once, which come in any order. */
export function drawAnswer(
  evidence: Evidence,
  reproduce: () => readonly string[],
): readonly Drawn[] {
  const { step, manner, ms, fresh } = evidence
  const portrait = manner === 'beside-others' ? undefined : drawPortrait(evidence)
  if (portrait === undefined) return []
  const timed = manner === undefined && !fresh ? { ms } : {}
  return [{ step: step.name, several: step.expect.length > 1, portrait, ...timed, reproduce }]
}

/** A 429 says when to ask, not what is there (RFC 6585, section 4). */
const patience = 429

/** Draws the answer to a step that came as expected; undefined for any other, which is told otherwise. */
export function drawPortrait(evidence: Evidence): Portrait | undefined {
  const { step, request, response, documented, expected, mediaType } = evidence
  if (!expected || documented === undefined || response.status === patience) return undefined
  const body = isJson(mediaType) && !isBodyless(evidence) ? evidence.json() : undefined
  const drawn =
    body?.kind === 'json'
      ? drawBody(body.value, evidence.promises.document, evidence.media?.schema)
      : undefined
  const partly = drawn?.isCut ? 'large' : tellsOfOthers(step, response.status) ? 'data' : undefined
  return {
    cell: `${step.operation.id}/${documented.status}`,
    status: response.status,
    ...(isBodyless(evidence) ? {} : { mediaType: nameType(evidence) }),
    ...(drawn === undefined ? {} : { body: drawn.shape }),
    ...(partly === undefined ? {} : { partly }),
    headers: drawHeaders(response, documented, request.url.startsWith('https:')),
  }
}

/** Whether a success tells of what is there anyway, rather than of what a state made or a request did. */
function tellsOfOthers(step: Step, status: number): boolean {
  const holes = Object.values(step.path)
  const isOurs = holes.length > 0 && holes.every(({ kind }) => kind === 'given')
  return isSafe(methodOf(step)) && status < 300 && !isOurs
}

function nameType({ mediaType = 'none', media }: Evidence): string {
  return media === undefined ? `${mediaType}, undocumented` : mediaType
}
