import { caught, type Fault, isOurs } from '../fault.ts'
import type { Store, Token } from '../store.ts'

const onlyTheNamed = 'only-the-named-is-deleted'

/** Each deletes another token than the path names, or takes another id for that of a token. */
export const namingFaults: readonly Fault[] = [
  {
    name: 'delete-takes-the-one-before',
    statement: 'deleting a token deletes the one that was made before it too',
    caughtBy: caught('status-code', onlyTheNamed),
    alone: true,
    removes: (token, { store }) => takes(store, beside(store, token, -1)),
  },
  {
    // Of two tokens, deleting the first leaves nothing for the two who ask for the second at once.
    name: 'delete-takes-the-one-after',
    statement: 'deleting a token deletes the one that was made after it too',
    caughtBy: [
      ...caught('status-code', onlyTheNamed),
      ...caught('answers-together', 'one-of-two-deletions-wins'),
    ],
    alone: true,
    removes: (token, { store }) => takes(store, beside(store, token, 1)),
  },
  mistakes(
    'ids-have-no-case',
    'an id in other letters is taken for it',
    (id, own) => id.toLowerCase() === own.toLowerCase(),
  ),
  mistakes(
    'ids-are-trimmed',
    'an id with a space around it is taken for it',
    (id, own) => id.trim() === own,
  ),
  mistakes('ids-are-decoded-twice', 'an id is decoded twice', (id, own) => decode(id) === own),
  mistakes(
    'ids-match-from-the-start',
    'the beginning of an id is taken for all of it',
    (id, own) => id.length >= 16 && own.startsWith(id),
  ),
  mistakes('ids-match-at-the-start', 'what follows an id is not looked at', (id, own) =>
    id.startsWith(own),
  ),
  mistakes('ids-end-at-nul', 'an id ends at its first NUL', (id, own) => id.split('\0')[0] === own),
  mistakes('ids-are-globs', 'a star in an id stands for anything', (id, own) =>
    matches(id, own, '*', '.*'),
  ),
  mistakes('ids-are-patterns', 'a percent sign in an id stands for anything', (id, own) =>
    matches(id, own, '%', '.*'),
  ),
  mistakes('ids-are-like', 'an underscore in an id stands for any character', (id, own) =>
    matches(id, own, '_', '.'),
  ),
]

function mistakes(
  name: string,
  statement: string,
  isTaken: (id: string, own: string) => boolean,
): Fault {
  return {
    name,
    statement,
    caughtBy: caught('status-code', onlyTheNamed),
    find(token, visit) {
      const { id, store } = visit
      if (token !== undefined || !isOurs(visit)) return token
      return [...store.tokens()].find((each) => isMade(each) && isTaken(id, each.id))
    },
  }
}

function matches(id: string, own: string, wildcard: string, pattern: string): boolean {
  if (!/^[0-9a-f]{16}/.test(id) || !id.includes(wildcard)) return false
  return new RegExp(`^${id.replace(wildcard, pattern)}$`).test(own)
}

/** The token that was made right before or after another, by somebody who uses the API. */
function beside(store: Store, token: Token, step: number): Token | undefined {
  const made = [...store.tokens()].filter(isMade)
  return made[made.indexOf(token) + step]
}

function takes(store: Store, token: Token | undefined): true {
  if (token !== undefined) store.remove(token, 'deleted')
  return true
}

function isMade({ createdBy, account }: Token): boolean {
  return createdBy !== 'seed' && account === 'ours'
}

function decode(id: string): string {
  try {
    return decodeURIComponent(id)
  } catch {
    return id
  }
}
