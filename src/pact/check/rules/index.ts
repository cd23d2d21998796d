/** Rules that compare an interaction with its operation, one per file, in the order in which a reader would ask. */
import type { Rule, RuleFacts } from '../rule.ts'
import { accept } from './accept.ts'
import { answerBody } from './answer-body.ts'
import { answerHeader } from './answer-header.ts'
import { answerMediaType } from './answer-media-type.ts'
import { credential } from './credential.ts'
import { direction } from './direction.ts'
import { envelope } from './envelope.ts'
import { matcher } from './matcher.ts'
import { operation } from './operation.ts'
import { parameter } from './parameter.ts'
import { requestBody } from './request-body.ts'
import { requestMediaType } from './request-media-type.ts'
import { status } from './status.ts'
import { unknownQuery } from './unknown-query.ts'

export { operation } from './operation.ts'

export const rules: readonly Rule[] = [
  parameter,
  unknownQuery,
  credential,
  accept,
  requestMediaType,
  requestBody,
  status,
  answerMediaType,
  answerHeader,
  answerBody,
  envelope,
  direction,
  matcher,
]

/** Every rule, for the reference of them. */
export const pactRules: readonly RuleFacts[] = [operation, ...rules]
