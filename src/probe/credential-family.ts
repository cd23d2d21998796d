import type { CredentialPlace, Spelling } from './credential-place.ts'

/** One way in which a credential is not what the document asks for. */
export type Alteration = {
  readonly id: string
  /** What was wrong with it, in words that follow "because". */
  readonly because: string
  /** How it is written, for people; `{}` stands for the key. */
  readonly shown: (spelling: Spelling) => string
  /** The text that is sent; undefined: nothing at all. */
  alter(key: string, spelling: Spelling): string | undefined
  /** Whether the spelling leaves room for it. Default: always. */
  fits?(spelling: Spelling): boolean
  /** Where it is put instead of the documented place. */
  at?(documented: CredentialPlace): CredentialPlace
  /** Whether a key may come out of it unchanged, so that there is nothing to send. */
  readonly mayBeSame?: boolean
}

const hasPrefix = ({ prefix }: Spelling) => prefix !== ''
const isScheme = ({ prefix }: Spelling) => prefix.endsWith(' ')
const isNot = (scheme: RegExp) => (spelling: Spelling) => !scheme.test(spelling.prefix)

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
    shown: () => '',
    alter: () => '',
  },
  {
    id: 'prefix-only',
    because: 'the credential is a prefix without a key',
    shown: ({ prefix }) => prefix.trimEnd(),
    alter: (_, { prefix }) => prefix.trimEnd(),
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
    shown: ({ show }) => `x${show('{}')}`,
    alter: (key, { write }) => `x${write(key)}`,
    fits: hasPrefix,
  },
  {
    id: 'bearer',
    because: 'the credential uses the scheme Bearer instead',
    shown: () => 'Bearer {}',
    alter: (key) => `Bearer ${key}`,
    fits: isNot(/^bearer /i),
  },
  {
    id: 'bearer-form',
    because: 'the credential stands behind the scheme Bearer',
    shown: ({ show }) => `Bearer ${show('{}')}`,
    alter: (key, { write }) => `Bearer ${write(key)}`,
    fits: (spelling) => hasPrefix(spelling) && !isScheme(spelling),
  },
  {
    id: 'basic',
    because: 'the credential uses the scheme Basic instead',
    shown: () => 'Basic base64({}:)',
    alter: (key) => `Basic ${Buffer.from(`${key}:`, 'utf8').toString('base64')}`,
    fits: isNot(/^basic /i),
  },
  {
    id: 'space-inside',
    because: 'the credential has a space inside its key',
    shown: ({ show }) => show('{{} with a space inside}'),
    alter: (key, { write }) => write(`${key.slice(0, half(key))} ${key.slice(half(key))}`),
  },
  {
    id: 'truncated',
    because: 'the credential is cut off',
    shown: ({ show }) => show('{{} without its last quarter}'),
    alter: (key, { write }) => write(key.slice(0, Math.floor(key.length * 0.75))),
  },
  {
    id: 'altered',
    because: 'one character of the credential is another',
    shown: ({ show }) => show('{{} with another last character}'),
    alter: (key, { write }) => write(`${key.slice(0, -1)}${unlike(key.slice(-1))}`),
  },
  {
    id: 'unknown',
    because: 'the credential was never given to anybody',
    shown: ({ show }) => show('{}'),
    alter: (key, { write }) => write([...key].reverse().join('')),
  },
]

function half(key: string): number {
  return Math.ceil(key.length / 2)
}

/** Another character, also where case does not count and where the last bits of base64 are idle. */
function unlike(character: string): string {
  return /[w-z0-9+/_-]/.test(character) ? 'A' : '0'
}
