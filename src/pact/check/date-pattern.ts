/** What a date pattern of Pact takes: the whole of it as a pattern of text, and one text that it takes. */
export type DatePattern = { readonly takes: RegExp; readonly sample: string }

type Part = readonly [pattern: string, sample: string]

const digits = (least: number): string => `\\d{${least},}`
const zone = '(?:Z|[+-]\\d\\d(?::?\\d\\d)?)'

/** Each letter of `DateTimeFormatter` that stands for something all writers of pacts use. */
const letters: Readonly<Record<string, (count: number) => Part>> = {
  y: (count) => (count === 2 ? ['\\d\\d', '01'] : [digits(count), '2001']),
  u: (count) => [digits(count), '2001'],
  M: (count) => monthPart(count),
  L: (count) => monthPart(count),
  d: (count) => (count === 1 ? ['\\d\\d?', '3'] : ['\\d\\d', '03']),
  H: (count) => (count === 1 ? ['\\d\\d?', '4'] : ['\\d\\d', '04']),
  h: (count) => (count === 1 ? ['\\d\\d?', '4'] : ['\\d\\d', '04']),
  m: (count) => (count === 1 ? ['\\d\\d?', '5'] : ['\\d\\d', '05']),
  s: (count) => (count === 1 ? ['\\d\\d?', '6'] : ['\\d\\d', '06']),
  S: (count) => ['\\d+', '7'.repeat(count)],
  n: () => ['\\d+', '700'],
  a: () => ['[AaPp]\\.?[Mm]\\.?', 'AM'],
  E: (count) => ['\\p{L}+', count < 4 ? 'Sat' : 'Saturday'],
  X: () => [zone, 'Z'],
  x: (count) => [zone, count === 3 ? '+00:00' : '+0000'],
  Z: (count) => [zone, count > 4 ? '+00:00' : '+0000'],
}

function monthPart(count: number): Part {
  if (count > 2) return ['\\p{L}+', count === 3 ? 'Feb' : 'February']
  return count === 1 ? ['\\d\\d?', '2'] : ['\\d\\d', '02']
}

/**
 * Reads a date pattern such as `yyyy-MM-dd'T'HH:mm:ssX` (Pact specification 3, "Date matchers").
 *
 * @returns undefined where it has a letter whose meaning is not sure
 */
export function readDatePattern(text: string): DatePattern | undefined {
  const tokens = text.match(/'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']+/g) ?? []
  const parts: Part[] = []
  for (const token of tokens) {
    const [first = ''] = token
    const read = letters[first]
    if (first === "'") parts.push(literal(token.slice(1, -1).replaceAll("''", "'") || "'"))
    else if (!/[A-Za-z]/.test(first)) parts.push(literal(token.replaceAll(/[[\]]/g, '')))
    else if (read === undefined) return undefined
    else parts.push(read(token.length))
  }
  return {
    takes: new RegExp(`^${parts.map(([pattern]) => pattern).join('')}$`, 'u'),
    sample: parts.map(([, sample]) => sample).join(''),
  }
}

function literal(text: string): Part {
  return [text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), text]
}
