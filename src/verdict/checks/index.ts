/** Rules that read one answer, one per file, in the order in which a reader would ask. */
import type { Check } from '../evidence.ts'
import { answersTogether } from './answers-together.ts'
import { bodyEncoding } from './body-encoding.ts'
import { bodySchema } from './body-schema.ts'
import { disclosure } from './disclosure.ts'
import { envelope } from './envelope.ts'
import { format } from './format.ts'
import { headerSchema } from './header-schema.ts'
import { latency } from './latency.ts'
import { mediaType } from './media-type.ts'
import { protocol } from './protocol.ts'
import { stability } from './stability.ts'
import { statusCode } from './status-code.ts'

export const checks: readonly Check[] = [
  statusCode,
  stability,
  answersTogether,
  protocol,
  mediaType,
  bodyEncoding,
  bodySchema,
  envelope,
  headerSchema,
  format,
  disclosure,
  latency,
]
