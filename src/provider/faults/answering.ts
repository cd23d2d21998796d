import { type Header, refuse } from '../answer.ts'
import { type Catch, caught, type Fault } from '../fault.ts'
import type { Message } from '../message.ts'

/** A fault that changes the message of one status and of no other. */
export function onStatus(
  status: number,
  {
    name,
    statement,
    check,
    caughtBy = caught(check ?? '', status),
  }: {
    readonly name: string
    readonly statement: string
    readonly check?: string
    readonly caughtBy?: readonly Catch[]
  },
  change: (message: Message) => Message,
): Fault {
  return {
    name,
    statement,
    caughtBy,
    message: (message) => (message.status === status ? change(message) : message),
  }
}

/** Puts headers in the place of those of their names; one without a value is taken away. */
export function withHeaders(
  message: Message,
  headers: readonly (Header | readonly [string])[],
): Message {
  const names = new Set(headers.map(([name]) => name.toLowerCase()))
  const kept = message.headers.filter(([name]) => !names.has(name.toLowerCase()))
  const added = headers.flatMap(([name, value]): Header[] =>
    value === undefined ? [] : [[name, value]],
  )
  return { ...message, headers: [...kept, ...added] }
}

/** A refusal with another text; a 401 still names how to authenticate. */
export function saying(message: Message, text: string): Message {
  const said: unknown =
    message.status < 300
      ? { success: true, data: { message: text } }
      : refuse(message.status, text).body
  return { ...message, body: Buffer.from(JSON.stringify(said)) }
}
