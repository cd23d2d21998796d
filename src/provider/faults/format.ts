import type { Fault } from '../fault.ts'
import type { Message } from '../message.ts'
import { onStatus } from './answering.ts'

/** Each has a member that the document knows in another form, or not in an answer at all. */
export const formatFaults: readonly Fault[] = [
  ...[200, 401, 404, 500].map((status) =>
    onStatus(
      status,
      {
        name: `at-${status}-is-no-date-time`,
        statement: `the time in a ${status} is not in its format`,
        check: 'format',
      },
      (message) => withMember(message, 'at', '2026-02-30T25:00:00Z'),
    ),
  ),
  ...[200, 404].map((status) =>
    onStatus(
      status,
      {
        name: `pin-comes-back-in-${status}`,
        statement: `a ${status} holds what is only ever sent`,
        check: 'body-schema',
      },
      (message) => withMember(message, 'pin', '4711'),
    ),
  ),
]

function withMember(message: Message, name: string, value: string): Message {
  const body = JSON.parse(message.body.toString()) as { data?: object }
  const added = { [name]: value }
  const changed =
    body.data === undefined ? { ...body, ...added } : { ...body, data: { ...body.data, ...added } }
  return { ...message, body: Buffer.from(JSON.stringify(changed)) }
}
