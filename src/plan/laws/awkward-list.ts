/** An id that no resource has and that a careless reader stumbles over. */
export type AwkwardId = {
  /** As it goes over the wire. */
  readonly wire: string
  /** In words, where it cannot be shown as it is. */
  readonly words?: string
}

export type AwkwardFamily = {
  readonly name: string
  readonly ids: readonly AwkwardId[]
  /** What may come besides, and says nothing. */
  readonly allows?: readonly string[]
  /** Whether the path may lead to something else than the operation. */
  readonly elsewhere?: boolean
  /** Whether it may hit more than it names, so that a resource of our own is watched. */
  readonly wide?: boolean
}

const wires = (...texts: readonly string[]): readonly AwkwardId[] => texts.map((wire) => ({ wire }))

const encoded = (...texts: readonly string[]): readonly AwkwardId[] =>
  texts.map((text) => ({ wire: encodeURIComponent(text), words: JSON.stringify(text) }))

const ofLength = (...lengths: readonly number[]): readonly AwkwardId[] =>
  lengths.map((length) => ({
    wire: 'assay-absent-'.padEnd(length, 'z').slice(-length),
    words: `${length} characters long`,
  }))

/** Ids by what is awkward about them. Which of them a target gets is for its safety class to say. */
export const awkwardFamilies: readonly AwkwardFamily[] = [
  {
    name: 'words',
    ids: wires(
      ...['null', 'undefined', 'true', 'NaN'],
      ...['constructor', '__proto__', 'toString'],
    ),
  },
  {
    name: 'numbers',
    ids: [
      ...wires('-1', '1.5', '1e400', '0x7fffffff', 'Infinity'),
      ...wires('9223372036854775808', '99999999999999999999999999999999'),
      ...encoded('٣٤٥'),
    ],
  },
  {
    name: 'percent-encoded',
    ids: wires('%61ssay', 'assay%2dlower', 'assay%2Dupper', 'assay+plus', 'assay%20space'),
  },
  {
    name: 'unicode',
    ids: [
      { wire: '%C3%A9t%C3%A9-assay', words: '"été-assay" composed (NFC)' },
      { wire: 'e%CC%81te%CC%81-assay', words: '"été-assay" decomposed (NFD)' },
      ...encoded('مرحبا-assay', '🗝️-assay', 'ǅ-ß-İ-assay'),
      { wire: '%E2%80%AEassay', words: 'written from right to left (U+202E)' },
      { wire: '%EF%BB%BFassay', words: 'behind a byte order mark (U+FEFF)' },
    ],
  },
  { name: 'short', ids: [{ wire: '~', words: '1 character long' }, ...ofLength(2, 63, 64)] },
  {
    name: 'long',
    ids: ofLength(65, 256, 1024, 4096, 8192),
    allows: ['414', '431'],
  },
  {
    name: 'encoded-twice',
    ids: wires('%2561ssay', '%252e%252e', '%252F', '%2500'),
  },
  {
    name: 'bytes',
    ids: [
      ...wires('%00', 'assay%00absent', '%ff', '%c0%af', '%ed%a0%80'),
      ...wires('assay%0D%0AX-Assay:%201', '%1b'),
    ],
  },
  { name: 'malformed', ids: wires('%', '%zz'), allows: ['400'] },
  {
    name: 'quoting',
    wide: true,
    ids: encoded(
      ...['{"id":1}', '[]', '"', "'", '\\', "' OR '1'='1", "assay'; SELECT 1; --"],
      ...['$(id)', '; id', '{{7*7}}', '<b>', '%s%n', '%', '_', '*', '?'],
    ),
  },
  {
    name: 'paths',
    wide: true,
    elsewhere: true,
    allows: ['3XX', '4XX'],
    ids: [
      { wire: '', words: 'empty' },
      ...wires('.', '..', '%2e%2e', '%2F', 'assay%2Fabsent', '..%2f..', 'assay/absent'),
      ...wires(';assay=1', '%5C'),
    ],
  },
]
