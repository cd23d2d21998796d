import type { Operation } from '../document/index.ts'
import type { CredentialForm } from '../target/index.ts'
import type { Alteration } from './credential-family.ts'
import { type CredentialPlace, credentialPlaces, spellingAt } from './credential-place.ts'

/**
 * A key that is valid, shown where or as the document does not ask for it: each is a step of a law.
 *
 * White space and schemes are no part of it: a scheme has no case (RFC 9110, section 11.1).
 */
export const credentialMisuses: readonly Alteration[] = [
  put('in-authorization', 'the header Authorization', {
    at: inHeader('Authorization'),
    shown: () => 'Bearer {}',
    alter: (key) => `Bearer ${key}`,
  }),
  put('in-x-api-key', 'the header X-API-Key', { at: inHeader('X-API-Key') }),
  {
    ...put('in-x-api-key-as-written', 'the header X-API-Key', {
      at: inHeader('X-API-Key'),
      shown: ({ show }) => show('{}'),
      alter: (key, { write }) => write(key),
    }),
    fits: ({ prefix }) => prefix !== '',
  },
  put('in-x-auth-token', 'the header X-Auth-Token', { at: inHeader('X-Auth-Token') }),
  put('in-cookie', 'a cookie', { at: () => ({ in: 'cookie', name: 'api_key', scheme: 'plain' }) }),
  ...['key', 'api_key', 'access_token'].map((name) =>
    put(`in-query-${name}`, 'the query', { at: () => ({ in: 'query', name, scheme: 'plain' }) }),
  ),
  put('in-query-as-written', 'the query, under its own name', {
    at: ({ name }) => ({ in: 'query', name, scheme: 'plain' }),
    shown: ({ show }) => show('{}'),
    alter: (key, { write }) => write(key),
  }),
  {
    id: 'prefix-in-other-case',
    because: 'the prefix of the credential is in other letters',
    shown: ({ prefix, show }) => `${swapCase(prefix)}${show('{}').slice(prefix.length)}`,
    alter: (key, { prefix, write }) => `${swapCase(prefix)}${write(key).slice(prefix.length)}`,
    fits: ({ prefix }) => swapCase(prefix) !== prefix && !prefix.endsWith(' '),
  },
  {
    id: 'key-in-other-case',
    because: 'the key is in other letters',
    shown: ({ show }) => show('{{} in other letters}'),
    alter: (key, { write }) => write(swapCase(key)),
    mayBeSame: true,
  },
]

type Manner = Pick<Alteration, 'at'> & Partial<Pick<Alteration, 'shown' | 'alter'>>

function put(id: string, place: string, { at, ...rest }: Manner): Alteration {
  return {
    id,
    because: `the key stands in ${place}`,
    shown: () => '{}',
    alter: (key) => key,
    ...rest,
    ...(at === undefined ? {} : { at }),
  }
}

function inHeader(name: string): () => CredentialPlace {
  return () => ({ in: 'header', name, scheme: 'plain' })
}

function swapCase(text: string): string {
  return [...text]
    .map((each) => (each === each.toLowerCase() ? each.toUpperCase() : each.toLowerCase()))
    .join('')
}

/** Whether an alteration means anything for an operation: the form leaves room for it, and the place is free. */
export function suits(
  alteration: Alteration,
  operation: Operation,
  place: CredentialPlace,
  form: CredentialForm,
): boolean {
  if (alteration.fits?.(spellingAt(place, form)) === false) return false
  const at = alteration.at?.(place)
  if (at === undefined) return true
  const name = at.name.toLowerCase()
  const taken = [...credentialPlaces(operation), ...operation.parameters]
  return !taken.some((each) => each.in === at.in && each.name.toLowerCase() === name)
}
