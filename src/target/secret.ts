import { inspect } from 'node:util'

const texts = new WeakMap<Secret, { readonly text: string; readonly parts: readonly string[] }>()
const madeUp = new WeakSet<Secret>()

/**
 * A credential as an opaque value: whatever prints it, prints `***`.
 *
 * Its `name` stands for it wherever a person must know which credential was used, for example
 * `$ARCHIL_API_KEY` or `key-{existing.token}`.
 */
export class Secret {
  readonly name: string

  /** @param parts what inside the text is secret by itself, such as the key in `Bearer …` */
  constructor(name: string, text: string, parts: readonly string[] = []) {
    this.name = name
    texts.set(this, { text, parts })
  }

  /** Makes an altered credential; `name` says how it was altered. */
  derive(name: string, alter: (text: string) => string): Secret {
    const derived = new Secret(name, alter(reveal(this)))
    if (isMadeUp(this)) madeUp.add(derived)
    return derived
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
  const secret = new Secret(name, text)
  madeUp.add(secret)
  return secret
}

export function isMadeUp(secret: Secret): boolean {
  return madeUp.has(secret)
}

/** The text of a secret, for the stage that puts it on the wire and for no other. */
export function reveal(secret: Secret): string {
  return texts.get(secret)?.text ?? ''
}

/** Everything that must not be seen of a secret: its text and the parts of it. */
export function revealAll(secret: Secret): readonly string[] {
  const { text = '', parts = [] } = texts.get(secret) ?? {}
  return [text, ...parts]
}
