import { styleText } from 'node:util'

/** Colours a text by the word that it says, where colours may be used. */
export type Paint = (word: string, text?: string) => string

/** The columns that a report keeps to, as far as its words can be broken. */
const width = 110
const label = 6
const indent = 16

/**
 * Writes one thing that is told: a label and what it is about, then rows of a name and a text.
 *
 * @param aside stands beside the title, or below it where both are too long for one line
 * @param lines are shell lines, which are never broken
 */
export function block(
  painted: string,
  title: readonly string[],
  aside: string,
  rows: readonly (readonly [name: string, text: string])[],
  lines: readonly string[] = [],
): string {
  const head = title.map(printable).join('   ')
  const whole = aside === '' ? head : `${head}   ${printable(aside)}`
  const fits = label + whole.length <= width
  return [
    `${painted}  ${fits ? whole : head}`,
    ...(fits || aside === '' ? [] : [`${' '.repeat(label)}${printable(aside)}`]),
    ...rows.flatMap(([name, text]) => hang(name, text.split('\n').flatMap(fold))),
    ...hang('again', lines),
  ].join('\n')
}

function hang(name: string, lines: readonly string[]): readonly string[] {
  return lines.map(
    (line, index) =>
      `${' '.repeat(label)}${(index === 0 ? name : '').padEnd(indent - label)}${printable(line)}`,
  )
}

/** Breaks a text between its words. */
function fold(text: string): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width - indent)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

/** What an answer said must not steer a terminal. */
function printable(text: string): string {
  return text.replaceAll(
    /[\0-\x1f\x7f-\x9f]/g,
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
  } as const
  return (word, text = word) => {
    const style = Object.hasOwn(styles, word) ? styles[word as keyof typeof styles] : undefined
    return color && style !== undefined ? styleText(style, text, { validateStream: false }) : text
  }
}
