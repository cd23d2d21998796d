/** What can be wrong with a request. */
export type Flaw =
  | 'path'
  | 'parameter'
  | 'absence'
  | 'body'
  | 'media-type'
  | 'accept'
  | 'credential'

const malformed: readonly Flaw[] = ['path', 'parameter', 'absence', 'body', 'media-type']

/** The flaws that a request may be sent with on purpose, to see a refusal (RFC 9110, section 15.5). */
const purposes: Readonly<Record<number, readonly Flaw[]>> = {
  400: malformed,
  401: ['credential', 'absence'],
  403: ['credential', 'absence'],
  404: ['path'],
  406: ['accept'],
  411: ['absence'],
  413: ['body'],
  414: ['path', 'parameter'],
  415: ['media-type', 'body'],
  422: malformed,
  431: ['parameter'],
}

/** Whether a request with that flaw is what leads to the status that an interaction asks for. */
export function isMeant(flaw: Flaw, status: number): boolean {
  return purposes[status]?.includes(flaw) ?? false
}
