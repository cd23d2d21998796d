import { inspect } from 'node:util'

/** Opens a secret; only what stands in this file can. */
let open: (secret: Secret) => { text: string; parts: readonly string[]; madeUp: boolean }

/**
 * A credential as an opaque value: whatever prints it, prints `***`.
 *
 * Its `name` stands for it wherever a person must know which credential was used, for example
 * `$ARCHIL_API_KEY` or `key-{existing.token}`.
 */
export class Secret {
  readonly name: string
  readonly #opened: ReturnType<typeof open>

  static {
    open = (secret) => secret.#opened
  }

  /** @param parts what inside the text is secret by itself, such as the key in `Bearer …` */
  constructor(name: string, text: string, parts: readonly string[] = [], madeUp = false) {
    this.name = name
    this.#opened = { text, parts, madeUp }
  }

  /** Makes an altered credential; `name` says how it was altered. */
  derive(name: string, alter: (text: string) => string): Secret {
    const { text, madeUp } = open(this)
    return new Secret(name, alter(text), [], madeUp)
  }

  toString(): string {
    return '***'
  }

  toJSON(): string {
    return '***'
  }

  [inspect.custom](): string {
    return '***'
  }
}

/** Random text in the place of a credential: shown by its name like one, but no harm if it is seen. */
export function makeUp(name: string, text: string): Secret {
  return new Secret(name, text, [], true)
}

export function isMadeUp(secret: Secret): boolean {
  return open(secret).madeUp
}

/** The text of a secret, for the stage that puts it on the wire and for no other. */
export function reveal(secret: Secret): string {
  return open(secret).text
}

/** Everything that must not be seen of a secret: its text and the parts of it. */
export function revealAll(secret: Secret): readonly string[] {
  const { text, parts } = open(secret)
  return [text, ...parts]
}

/** Whether two secrets are the same text, without showing either. */
export function isSameSecret(one: Secret, other: Secret): boolean {
  return open(one).text === open(other).text
}
