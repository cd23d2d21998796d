/** A request comes in; a record of what was sent and what came back, free of secrets, goes out. */
export type { Capture } from './capture.ts'
export {
  type Client,
  type ClientOptions,
  openClient,
  type SendOptions,
  type Sent,
} from './client.ts'
export {
  type Attempt,
  type Disclosure,
  type Exchange,
  type FailureCause,
  type Flaw,
  headerValues,
  type RecordedRequest,
  type Request,
  type Response,
  type Text,
} from './exchange.ts'
export { createMask, type Mask } from './mask.ts'
export { readRetryAfter } from './retry-after.ts'
