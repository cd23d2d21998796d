import type { Flaw } from './exchange.ts'
import { readContent } from './raw-body.ts'
import { type Head, type NoHead, readHead, wire } from './raw-head.ts'

/** One final answer as it came over the wire, with everything about it that is not HTTP/1.1. */
export type RawAnswer = {
  readonly status: number
  readonly headers: Head['headers']
  /** Its content codings not undone. */
  readonly body: Buffer
  readonly flaws: readonly Flaw[]
}

/**
 * Reads the final answer out of all the bytes that came on a connection of its own.
 *
 * Interim answers before it are legal (RFC 9110, section 15.2); 101 is final, for nobody asked for
 * another protocol (section 7.8). Else what there is instead of a head that can be read; `more`: its end has not come.
 */
export function readAnswer(
  bytes: Buffer,
  { method, ended }: { readonly method: string; readonly ended: boolean },
): RawAnswer | NoHead {
  const flaws: Flaw[] = []
  for (let start = 0; ; ) {
    const head = readHead(bytes, start)
    if (typeof head === 'string') return head
    const content = readContent({ bytes, head, method, ended })
    if (content === 'more') return 'more'
    flaws.push(...head.flaws, ...content.flaws)
    start = content.end
    if (head.status < 200 && head.status !== 101) continue
    if (head.status === 101) flaws.push(wire('another protocol than was asked for'))
    const rest = bytes.length - content.end
    if (rest > 0 && head.status !== 101) flaws.push(wire(leftover(rest, head, method)))
    return { status: head.status, headers: head.headers, body: content.body, flaws }
  }
}

/** RFC 9112, section 6.3: what stands behind an answer is no part of it. */
function leftover(bytes: number, { status }: Head, method: string): string {
  if (method === 'HEAD') return `${bytes} bytes of content in the answer to HEAD`
  if (status === 204 || status === 304) return `${bytes} bytes of content with status ${status}`
  return `${bytes} bytes behind the end of the answer`
}
