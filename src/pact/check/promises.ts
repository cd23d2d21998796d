import type { Document, Source } from '../../document/index.ts'
import { compileSchemas, type Schemas } from '../../schema/index.ts'
import type { CredentialForm } from '../../target/index.ts'
import { compileEnvelope, type Envelope } from '../../verdict/index.ts'

/** What every judgement of a pact rests on. */
export type PactPromises = {
  readonly document: Document
  /** The schemas as a whole request has to fit them, and parameters. */
  readonly request: Schemas
  /** The schemas as far as a part of an answer has to fit them. */
  readonly part: Schemas
  /** What only answers hold, and what only requests hold. */
  readonly readOnly: Schemas
  readonly writeOnly: Schemas
  readonly envelope: Envelope | undefined
  /** How the suite writes the credential. */
  readonly form: CredentialForm
}

/** Makes the promises of a document ready to be compared with pacts. Throws what the envelope is refused for. */
export async function compilePromises({
  document,
  envelope,
  form,
}: {
  readonly document: Document
  readonly envelope: Source | undefined
  readonly form: CredentialForm
}): Promise<PactPromises> {
  const [request, part, readOnly, writeOnly] = await Promise.all([
    compileSchemas(document, 'request'),
    compileSchemas(document, 'part'),
    compileSchemas(document, 'readOnly'),
    compileSchemas(document, 'writeOnly'),
  ])
  const compiled = envelope && (await compileEnvelope(envelope, 'part'))
  return { document, request, part, readOnly, writeOnly, envelope: compiled, form }
}
