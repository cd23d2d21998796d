import { type MediaType, splitPointer } from '../../document/index.ts'
import type { Schemas, Violation } from '../../schema/index.ts'
import { essence, isJson } from '../../verdict/index.ts'
import type { Content, PactBody } from '../pact.ts'
import { judgeMeanings } from './meanings.ts'
import { meantMedia, saidType } from './media.ts'
import { replacedIn } from './replaced.ts'
import type { PactComplaint } from './rule.ts'
import { isSecret } from './secret.ts'
import { gather } from './serialized.ts'

export type WithBody = Content & { readonly body: PactBody & { readonly kind: 'content' } }

export function hasContent(content: Content): content is WithBody {
  return content.body.kind === 'content'
}

/**
 * Judges a body by the schema of the documented media type that it is in; where several may be
 * meant, one that it fits is enough.
 *
 * JSON is judged as it stands, a form by its fields, text as one; whatever else a body is, its bytes
 * are nobody's concern here.
 */
export function judgeBody(
  content: WithBody,
  documented: readonly MediaType[],
  schemas: Schemas,
): readonly Violation[] {
  const meant = meantMedia(content, documented)
  if (meant.length === 0) return documented.slice(0, 1).map((media) => otherKind(content, media))
  const judged = meant.map((media) => judgeAs(content, media, schemas))
  return judged.find((violations) => violations.length === 0) ?? judged[0] ?? []
}

function judgeAs(content: WithBody, media: MediaType, schemas: Schemas): readonly Violation[] {
  const type = saidType(content)?.type ?? essence(media.name)
  if (media.schema === undefined) return []
  const validate = schemas.validator(media.schema)
  if (isJson(type)) {
    const { json } = content.body
    if (json === undefined) return [brokenJson(content, media.schema)]
    return validate(json.value).filter((each) => isKnown(content, each))
  }
  const text = Buffer.from(content.body.bytes).toString('utf8')
  if (type === 'application/x-www-form-urlencoded')
    return judgeMeanings([gather([...new URLSearchParams(text)])], validate)
  return type.startsWith('text/') ? judgeMeanings([text], validate) : []
}

/** A body that names no media type, and is of the kind of none that is documented. */
function otherKind({ body }: WithBody, { name, pointer }: MediaType): Violation {
  const received = body.json === undefined ? 'a text' : 'JSON'
  return { instance: '', keyword: 'type', expected: `a body of ${name}`, received, schema: pointer }
}

function brokenJson({ body }: WithBody, schema: string): Violation {
  const text = Buffer.from(body.bytes).toString('utf8')
  const received = JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
  return { instance: '', keyword: 'type', expected: 'one complete JSON text', received, schema }
}

/** Keywords that may have failed for a value that a provider state replaces further in. */
const branching = new Set(['anyOf', 'oneOf', 'not', 'contains'])

/** Whether a violation is there whatever a provider state puts into the body. */
export function isKnown(content: Content, { instance, keyword }: Violation): boolean {
  const { inBody, withinBody } = replacedIn(content)
  const segments = splitPointer(instance)
  return !inBody(segments) && !(branching.has(keyword) && withinBody(segments))
}

/** Tells a violation of a body: what was expected where, and where it stands in the pact. */
export function tellViolation(
  { body }: WithBody,
  { instance, expected, received, schema }: Violation,
): PactComplaint {
  return {
    expected: instance === '' ? expected : `${expected} at ${instance}`,
    received: splitPointer(instance).some(isSecret) ? '***' : received,
    promised: schema,
    at: `${body.pointer}${instance}`,
  }
}
