import { AssayError } from '../errors.ts'

export type Environment = Readonly<Record<string, string | undefined>>

const hole = /\$\{(\w+)\}/g

/** The names that a text refers to as `${NAME}`. */
export function variablesIn(text: string): readonly string[] {
  return [...text.matchAll(hole)].map((match) => match[1] ?? '')
}

/**
 * Fills each `${NAME}` of a text.
 *
 * @throws AssayError TARGET_VARIABLE_MISSING
 */
export function expand(target: string, text: string, environment: Environment): string {
  return text.replaceAll(hole, (_, variable: string) => {
    const value = environment[variable]
    if (value !== undefined) return value
    throw new AssayError(
      'TARGET_VARIABLE_MISSING',
      `target ${target} refers to ${variable}, which is not set`,
      { hint: `set ${variable} in the environment` },
    )
  })
}

/** Writes each `${NAME}` as a shell does, so that a text can be shown without its values. */
export function showVariables(text: string): string {
  return text.replaceAll(hole, '$$$1')
}
