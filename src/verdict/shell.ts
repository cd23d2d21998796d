/** Text for a shell: parts that stand for themselves, and parts that the shell fills in. */
export type Word = readonly (string | Expansion)[]

export type Expansion = { readonly variable: string } | { readonly command: string }

/** A request as a shell command is to send it. */
export type Command = {
  readonly method: string
  readonly url: Word
  readonly headers: readonly { readonly name: string; readonly value: Word }[]
  readonly body?: Word
  /** Whether status and headers of the answer are shown too. */
  readonly showsHead: boolean
}

/** So that a line fits beside its label in 110 columns. */
const width = 94

/** Writes a request for curl, in one line or, where that is too long, one part to a line. */
export function curl(command: Command): readonly string[] {
  const { method, url, headers, body, showsHead } = command
  const plain = url.map((part) => (typeof part === 'string' ? part : '')).join('')
  const options = [
    `curl -sS${showsHead && method !== 'HEAD' ? 'i' : ''}`,
    ...(method === 'HEAD' ? ['--head'] : []),
    ...(method === 'HEAD' || (method === 'GET' && body === undefined) ? [] : [`-X ${method}`]),
    ...(/\/\.\.?(\/|$|\?)/.test(plain) ? ['--path-as-is'] : []),
    ...(/[[\]{}]/.test(plain) ? ['--globoff'] : []),
    quote(url),
  ]
  const more = [
    ...headers.map(({ name, value }) => `-H ${quote(header(name, value))}`),
    ...(body === undefined || headers.some(({ name }) => /^content-type$/i.test(name))
      ? []
      : [`-H 'content-type: application/json'`]),
    ...(body === undefined ? [] : [`-d ${quote(body)}`]),
  ]
  const line = [...options, ...more].join(' ')
  if (line.length <= width || more.length === 0) return [line]
  return [options.join(' '), ...more.map((each) => `  ${each}`)].join(' \\\n').split('\n')
}

/** Quotes a text for a shell: what the shell fills in stands in double quotes, all else in single ones. */
export function quote(word: Word): string {
  if (word.every((part) => typeof part === 'string'))
    return `'${word.join('').replaceAll("'", `'\\''`)}'`
  const parts = word.map((part, index) => {
    if (typeof part === 'string') return escaped(part)
    if ('command' in part) return `$(${part.command})`
    const next = word[index + 1]
    const joins = typeof next === 'string' && /^[\w:[]/.test(next)
    return joins ? `\${${part.variable}}` : `$${part.variable}`
  })
  return `"${parts.join('')}"`
}

/** Reads a name that stands for a secret: `key-$API_KEY`, `$(cat FILE)`, `{existing.token}`, `base64(…)`. */
export function wordOf(shown: string): Word {
  const word: (string | Expansion)[] = []
  const pattern =
    /\$\(cat (?<file>[^)]*)\)|\$(?<name>[A-Za-z_]\w*)|\{(?<given>\w+)\.(?<value>[^{}\s]+)\}|base64\((?<inner>(?:\$\([^)]*\)|[^()])*)\)/g
  let end = 0
  for (const match of shown.matchAll(pattern)) {
    const { file, name, given, value, inner } = match.groups ?? {}
    word.push(shown.slice(end, match.index))
    if (file !== undefined) word.push({ command: `cat ${quote([file])}` })
    else if (name !== undefined) word.push({ variable: name })
    else if (inner !== undefined)
      word.push({ command: `printf %s ${quote(wordOf(inner))} | base64 | tr -d '\\n'` })
    else word.push({ variable: variableOf(given ?? '', value ?? '') })
    end = match.index + match[0].length
  }
  return [...word, shown.slice(end)].filter((part) => part !== '')
}

/** The shell variable for a value that a given state answered. */
export function variableOf(given: string, value: string): string {
  return `${/^\d/.test(given) ? 'state_' : ''}${given}_${value}`.replaceAll(/\W/g, '_')
}

/** curl sends a header without value where its name ends in a semicolon. */
function header(name: string, value: Word): Word {
  return value.every((part) => part === '') ? [`${name};`] : [`${name}: `, ...value]
}

/** An exclamation mark keeps its meaning for an interactive shell in double quotes, whatever stands before it. */
function escaped(text: string): string {
  return text.replaceAll(/[\\"`$]/g, '\\$&').replaceAll('!', `"'!'"`)
}
