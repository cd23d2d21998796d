/**
 * Keeps the verifier from following redirects, which may lead anywhere: it does so wherever it sees a
 * `Location`, so it knows that header by another name, in the pact and in the answer alike.
 */
const alias = 'assay-location'

export function aliasOf(header: string): string {
  return header.toLowerCase() === 'location' ? alias : header
}

export function headerOf(name: string): string {
  return name.toLowerCase() === alias ? 'Location' : name
}

/** Writes the alias into the response of an interaction: its headers, matching rules and generators. */
export function withAlias(interaction: unknown): unknown {
  const { response, ...rest } = interaction as Members
  const { headers, matchingRules, generators, ...others } = response as Members
  return {
    ...rest,
    response: {
      ...others,
      ...(headers === undefined ? {} : { headers: renamed(headers, aliasOf) }),
      ...(matchingRules === undefined ? {} : { matchingRules: inCategories(matchingRules) }),
      ...(generators === undefined ? {} : { generators: inCategories(generators) }),
    },
  }
}

type Members = Readonly<Record<string, unknown>>

/** By category from version 3 on; in version 2 the category stands in the path expression. */
function inCategories(categories: unknown): unknown {
  const members = renamed(categories, (key) =>
    key.replace(/^(\$\.headers?(?:\.|\[['"]))location\b/i, `$1${alias}`),
  ) as Members
  return members?.header === undefined
    ? members
    : { ...members, header: renamed(members.header, aliasOf) }
}

function renamed(value: unknown, rename: (key: string) => string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [rename(key), each]))
}
