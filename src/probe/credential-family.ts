import type { CredentialForm } from '../target/index.ts'

/** One way in which a credential is not what the document asks for. */
export type Alteration = {
  readonly id: string
  /** What was wrong with it, in words that follow "because". */
  readonly because: string
  /** How it is written, for people; `{}` stands for the key. */
  readonly shown: (form: CredentialForm) => string
  /** The text that is sent; undefined: nothing at all. */
  alter(key: string, form: CredentialForm): string | undefined
  /** Whether the form leaves room for it. Default: always. */
  fits?(form: CredentialForm): boolean
}

const hasPrefix = (form: CredentialForm) => form.prefix !== ''
const write = (form: CredentialForm, key: string) => `${form.prefix}${key}${form.suffix}`
const notBearer = (form: CredentialForm) => !/^bearer /i.test(form.prefix)

/**
 * The family of credentials that must be refused: each is one probe of the documented 401.
 *
 * Every member is made from a throwaway key or from random text, never from the configured one.
 * White space around a value is no part of it (RFC 9110, section 5.5), so no member pads a key.
 */
export const credentialFamily: readonly Alteration[] = [
  {
    id: 'none',
    because: 'the request carries no credential',
    shown: () => '(none)',
    alter: () => undefined,
  },
  {
    id: 'empty',
    because: 'the credential is empty',
    shown: () => '(empty)',
    alter: () => '',
  },
  {
    id: 'prefix-only',
    because: 'the credential is a prefix without a key',
    shown: (form) => form.prefix,
    alter: (_, form) => form.prefix.trimEnd(),
    fits: hasPrefix,
  },
  {
    id: 'no-prefix',
    because: 'the credential lacks its prefix',
    shown: () => '{}',
    alter: (key) => key,
    fits: hasPrefix,
  },
  {
    id: 'wrong-prefix',
    because: 'the credential has another prefix',
    shown: (form) => `x${form.prefix}{}`,
    alter: (key, form) => `x${write(form, key)}`,
    fits: hasPrefix,
  },
  {
    id: 'bearer',
    because: 'the credential uses the scheme Bearer instead',
    shown: () => 'Bearer {}',
    alter: (key) => `Bearer ${key}`,
    fits: notBearer,
  },
  {
    id: 'bearer-form',
    because: 'the credential stands behind the scheme Bearer',
    shown: (form) => `Bearer ${write(form, '{}')}`,
    alter: (key, form) => `Bearer ${write(form, key)}`,
    fits: (form) => notBearer(form) && hasPrefix(form),
  },
  {
    id: 'basic',
    because: 'the credential uses the scheme Basic instead',
    shown: () => 'Basic base64({}:)',
    alter: (key) => `Basic ${Buffer.from(`${key}:`, 'utf8').toString('base64')}`,
    fits: (form) => !/^basic /i.test(form.prefix),
  },
  {
    id: 'space-inside',
    because: 'the credential has a space inside its key',
    shown: (form) => write(form, '{first half} {second half}'),
    alter: (key, form) => write(form, `${key.slice(0, half(key))} ${key.slice(half(key))}`),
  },
  {
    id: 'truncated',
    because: 'the credential is cut off',
    shown: (form) => write(form, '{without its last quarter}'),
    alter: (key, form) => write(form, key.slice(0, Math.max(1, Math.floor(key.length * 0.75)))),
  },
  {
    id: 'altered',
    because: 'one character of the credential is another',
    shown: (form) => write(form, '{with another last character}'),
    alter: (key, form) => write(form, `${key.slice(0, -1)}${key.endsWith('a') ? 'b' : 'a'}`),
  },
  {
    id: 'unknown',
    because: 'the credential was never given to anybody',
    shown: (form) => write(form, '{random}'),
    alter: (key, form) => write(form, [...key].reverse().join('')),
  },
]

function half(key: string): number {
  return Math.ceil(key.length / 2)
}
