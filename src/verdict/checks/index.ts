/** Rules that read one answer, one per file, in the order in which a reader would ask. */
import type { Check } from '../evidence.ts'
import { bodyEncoding } from './body-encoding.ts'
import { bodySchema } from './body-schema.ts'
import { disclosure } from './disclosure.ts'
import { envelope } from './envelope.ts'
import { mediaType } from './media-type.ts'
import { statusCode } from './status-code.ts'

export const checks: readonly Check[] = [
  statusCode,
  mediaType,
  bodyEncoding,
  bodySchema,
  envelope,
  disclosure,
]
