import type { Header } from '../answer.ts'
import { caught, type Fault } from '../fault.ts'

type Label = {
  readonly name: string
  readonly status: number
  /** Each value of `Content-Type`, of which a sound provider sends one. */
  readonly types: readonly string[]
  /** What the body is instead; default: the sound one. */
  readonly body?: string
}

const page = '<!doctype html><title>Error</title><h1>Something went wrong</h1>'

/** Each names a media type that is not documented, or none. */
export const mediaTypeFaults: readonly Fault[] = [
  { name: 'success-has-no-media-type', status: 200, types: [] },
  { name: 'success-is-plain-text', status: 200, types: ['text/plain'] },
  { name: 'success-is-vendor-json', status: 200, types: ['application/vnd.control-plane+json'] },
  { name: 'success-has-two-media-types', status: 200, types: ['application/json', 'text/html'] },
  { name: 'unauthorized-is-text-json', status: 401, types: ['text/json; charset=utf-8'] },
  { name: 'unauthorized-has-empty-media-type', status: 401, types: [''] },
  { name: 'unauthorized-is-a-page', status: 401, types: ['text/html'], body: page },
  { name: 'not-found-is-a-page', status: 404, types: ['text/html'], body: page },
  { name: 'not-found-has-no-media-type', status: 404, types: [] },
  { name: 'not-found-is-octet-stream', status: 404, types: ['application/octet-stream'] },
  { name: 'internal-error-is-problem-json', status: 500, types: ['application/problem+json'] },
  { name: 'internal-error-is-a-page', status: 500, types: ['text/html'], body: page },
].map(labels)

function labels({ name, status, types, body }: Label): Fault {
  const labelled: readonly Header[] = types.map((type) => ['Content-Type', type])
  const named = types.map((type) => (type === '' ? 'an empty one' : type)).join(' and ')
  return {
    name,
    statement: `the media type of a ${status} is ${named || 'missing'}`,
    caughtBy: caught('media-type', status),
    message: (message) =>
      message.status === status
        ? {
            ...message,
            headers: [...labelled, ...message.headers.filter(([key]) => key !== 'Content-Type')],
            body: body === undefined ? message.body : Buffer.from(body),
          }
        : message,
  }
}
