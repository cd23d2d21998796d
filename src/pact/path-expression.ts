/** One step of a path expression: a member, an item, or all of either. */
export type PathStep =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'any' }

const step = /\.\*|\[\*\]|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]|\.?([^.[\]]+)/y

/**
 * Reads a path expression such as `$.items[*]['a.b'][0]` (Pact specification 2, "Matchers": a part
 * of JSONPath).
 *
 * @returns undefined where the text is none
 */
export function parsePathExpression(text: string): readonly PathStep[] | undefined {
  const start = text.startsWith('$') ? 1 : 0
  const steps: PathStep[] = []
  step.lastIndex = start
  while (step.lastIndex < text.length) {
    const match = step.exec(text)
    if (match === null) return undefined
    steps.push(stepOf(match))
  }
  return steps
}

function stepOf([whole, index, single, double, plain]: RegExpExecArray): PathStep {
  if (index !== undefined) return { kind: 'index', index: Number(index) }
  const quoted = single ?? double
  if (quoted !== undefined) return { kind: 'name', name: quoted.replaceAll(/\\(.)/g, '$1') }
  if (plain !== undefined && plain !== '*') return { kind: 'name', name: plain }
  return whole === undefined ? { kind: 'name', name: '' } : { kind: 'any' }
}
