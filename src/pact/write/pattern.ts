/** Whether a pattern says from its first to its last character what the text is. */
const whole = /^\^(?:[^|\\]|\\.)*\$$/s

/** What the regular expressions of a pact read otherwise than those of a schema. */
const foreign = /\\(?:[0bBcDWkpP]|u[dD][89a-fA-F])|\[\^?\]/

/**
 * Writes a pattern of JSON Schema (ECMA-262, found anywhere in the text) as a regular expression of
 * Pact, which takes the whole text; undefined where it may mean something else there.
 */
export function wholePattern(pattern: string): string | undefined {
  if (foreign.test(pattern)) return undefined
  const text = escapeClasses(pattern)
  return whole.test(text) ? text : `^[\\s\\S]*(?:${text})[\\s\\S]*$`
}

/** A regular expression that takes just these texts. */
export function oneOf(texts: readonly string[]): string {
  return `^(${texts.map(escapeText).join('|')})$`
}

/** Inside brackets, `[`, `&` and `~` are plain characters in ECMA-262 and operators in Pact. */
function escapeClasses(pattern: string): string {
  return pattern.replaceAll(/\\.|\[(?:\\.|[^\]\\])*\]/gs, (part) =>
    part.startsWith('[') ? `[${part.slice(1).replaceAll(/\\.|[[&~]/gs, escapeOne)}` : part,
  )
}

function escapeOne(part: string): string {
  return part.startsWith('\\') ? part : `\\${part}`
}

function escapeText(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|&~-]/g, '\\$&')
}
