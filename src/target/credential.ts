import { AssayError } from '../errors.ts'
import type { Secret } from './secret.ts'

/** How a credential is written: literal text around the key, such as `key-{API_KEY}`. */
export type CredentialForm = {
  readonly prefix: string
  readonly suffix: string
}

export const bareForm: CredentialForm = { prefix: '', suffix: '' }

/**
 * Reads a form such as `key-{API_KEY}`: the literal text around exactly one name in braces.
 *
 * @throws AssayError SUITE_INVALID when there is no such name or more than one
 */
export function parseForm(text: string): CredentialForm {
  const match = /^([^{}]*)\{[^{}]+\}([^{}]*)$/.exec(text)
  if (match === null) {
    throw new AssayError(
      'SUITE_INVALID',
      'the form of the credential has no one place for the key',
      {
        hint: 'write the literal text around one name in braces, such as key-{API_KEY}',
      },
    )
  }
  return { prefix: match[1] ?? '', suffix: match[2] ?? '' }
}

/** The key without the literal text of its form, whether or not it was configured with it. */
export function bareKey(form: CredentialForm, secret: Secret): Secret {
  return secret.derive(secret.name, (text) => {
    const start = text.startsWith(form.prefix) ? form.prefix.length : 0
    const end = form.suffix !== '' && text.endsWith(form.suffix) ? -form.suffix.length : undefined
    return text.slice(start, end)
  })
}

/** The credential as the document wants it: the key inside the literal text of its form. */
export function formed(form: CredentialForm, key: Secret): Secret {
  const bare = bareKey(form, key)
  return bare.derive(
    `${form.prefix}${bare.name}${form.suffix}`,
    (text) => `${form.prefix}${text}${form.suffix}`,
  )
}
