import type { Position } from '../errors.ts'

/** A text under the name that its reader knows it by. */
export type Text = {
  readonly name: string
  readonly content: string
  /** Line and column (in UTF-16 units, as editors count) of an offset into `content`. */
  positionAt(offset: number): Position
}

/** Names a text; its lines are counted when the first position is asked for. */
export function nameText(name: string, content: string): Text {
  let starts: readonly number[] | undefined
  return {
    name,
    content,
    positionAt(offset) {
      starts ??= lineStarts(content)
      const line = lastAtOrBefore(starts, offset)
      return { file: name, line: line + 1, column: offset - (starts[line] ?? 0) + 1 }
    },
  }
}

function lineStarts(content: string): readonly number[] {
  const starts = [0]
  for (let at = content.indexOf('\n'); at !== -1; at = content.indexOf('\n', at + 1)) {
    starts.push(at + 1)
  }
  return starts
}

function lastAtOrBefore(starts: readonly number[], offset: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
}
