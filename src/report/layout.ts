import { styleText } from 'node:util'

/** Colours a text by the word that it says, where colours may be used. */
export type Paint = (word: string, text?: string) => string

/** The columns that a report keeps to, as far as its words can be broken. */
export const width = 110
const label = 6
const indent = 16

/**
 * Writes one thing that is told: a label and what it is about, then rows of a name and a text.
 *
 * @param aside stands beside the title, or below it where one line is too short
 * @param lines are shell lines, which are never broken
 */
export function block(
  painted: string,
  title: readonly string[],
  aside: string,
  rows: readonly (readonly [name: string, text: string])[],
  lines: readonly string[] = [],
): string {
  const head = pack([...title, aside].map(printable), '   ', width - label)
  return [
    `${painted}  ${head.join(`\n${' '.repeat(label)}`)}`,
    ...rows.flatMap(([name, text]) => hang(name, text.split('\n').map(printable).flatMap(fold))),
    ...hang('again', lines.map(printable)),
  ].join('\n')
}

function hang(name: string, lines: readonly string[]): readonly string[] {
  return lines.map(
    (line, index) =>
      `${' '.repeat(label)}${(index === 0 ? name : '').padEnd(indent - label)}${line}`,
  )
}

/** Breaks a text between its words. */
function fold(text: string): readonly string[] {
  return pack(text.split(' '), ' ', width - indent)
}

/** Puts as many parts into each line as fit. */
export function pack(
  parts: readonly string[],
  between: string,
  columns = width,
): readonly string[] {
  const lines: string[] = []
  for (const part of parts.filter((each) => each !== '')) {
    const last = lines.at(-1)
    const longer = last === undefined ? part : `${last}${between}${part}`
    if (last !== undefined && longer.length <= columns) lines[lines.length - 1] = longer
    else lines.push(part)
  }
  return lines
}

/**
 * One line without what could steer the terminal, the page or the CI job that shows it.
 *
 * A job obeys `::command::` at the start of a line (GitHub) and `##[command]` anywhere in it (GitHub,
 * Azure, TeamCity), so a body that holds one must not come through as it is.
 */
export function printable(text: string): string {
  return text.replaceAll(
    /[\0-\x1f\x7f-\x9f]|(?<![^\s]):(?=:)|#(?=#\w*\[)/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
}

export function painter(color: boolean): Paint {
  const styles = {
    pass: 'green',
    fail: 'red',
    error: 'magenta',
    skip: 'yellow',
    warn: 'yellow',
    known: 'yellow',
  } as const
  return (word, text = word) => {
    const style = Object.hasOwn(styles, word) ? styles[word as keyof typeof styles] : undefined
    return color && style !== undefined ? styleText(style, text, { validateStream: false }) : text
  }
}
