import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type ConsumerInteraction, makeConsumerPact } from '@pact-foundation/pact-core'
import type { WrittenInteraction } from './interactions.ts'
import type { WrittenText } from './request.ts'
import type { Rules } from './rules.ts'

/** Version 4 of the Pact specification, as the core numbers it. */
const version4 = 5

/**
 * Writes a pact as text: through the Pact core, in its order, without the versions of the libraries
 * that wrote it, so that the bytes are the same wherever and in whatever order they are made.
 */
export async function renderPact(
  { consumer, provider }: { readonly consumer: string; readonly provider: string },
  interactions: readonly WrittenInteraction[],
): Promise<string> {
  const pact = makeConsumerPact(consumer, provider, version4, 'error')
  for (const each of interactions) add(pact.newInteraction(each.description), each)
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-pact-'))
  try {
    pact.writePactFile(folder, false)
    const text = await readFile(path.join(folder, `${consumer}-${provider}.json`), 'utf8')
    return withoutVersions(text, interactions.length)
  } finally {
    await rm(folder, { recursive: true })
  }
}

function add(interaction: ConsumerInteraction, written: WrittenInteraction): void {
  const { description, states, request, response } = written
  interaction.uponReceiving(description)
  for (const { name, params } of states) {
    if (Object.keys(params).length === 0) interaction.given(name)
    else interaction.givenWithParams(name, JSON.stringify(params))
  }
  interaction.withRequest(request.method, expression(request.path))
  for (const [name, index, value] of numbered(request.query))
    interaction.withQuery(name, index, expression(value))
  for (const [name, index, value] of numbered(request.headers))
    interaction.withRequestHeader(name, index, expression(value))
  if (request.body !== undefined) {
    interaction.withRequestBody(JSON.stringify(request.body.value), request.body.mediaType)
    interaction.withRequestMatchingRules(
      JSON.stringify({ body: { $: { combine: 'AND', matchers: [{ match: 'type' }] } } }),
    )
  }
  interaction.withStatus(response.status)
  for (const [name, index, value] of numbered(response.headers))
    interaction.withResponseHeader(name, index, value)
  if (response.body !== undefined)
    interaction.withResponseBody(JSON.stringify(response.body.value), response.body.mediaType)
  const rules = rulesText(response.rules)
  if (rules !== undefined) interaction.withResponseMatchingRules(rules)
}

/** The place of a value among those of its name, as the core counts them. */
function numbered<T>(
  list: readonly (readonly [name: string, value: T])[],
): readonly (readonly [name: string, index: number, value: T])[] {
  const seen = new Map<string, number>()
  return list.map(([name, value]) => {
    const index = seen.get(name) ?? 0
    seen.set(name, index + 1)
    return [name, index, value]
  })
}

/** By itself a value from a provider state would be a type matcher, which takes any text. */
function expression({ example, expression }: WrittenText): string {
  if (expression === undefined) return example
  return JSON.stringify({
    'pact:matcher:type': 'equality',
    'pact:generator:type': 'ProviderState',
    expression,
    value: example,
  })
}

function rulesText(categories: Readonly<Record<string, Rules>>): string | undefined {
  const filled = Object.entries(categories).filter(([, rules]) => rules.length > 0)
  if (filled.length === 0) return undefined
  return JSON.stringify(
    Object.fromEntries(filled.map(([name, rules]) => [name, Object.fromEntries(rules)])),
  )
}

function withoutVersions(text: string, count: number): string {
  const pact: {
    readonly interactions: readonly unknown[]
    readonly metadata: { readonly pactSpecification: unknown }
  } = JSON.parse(text)
  if (pact.interactions.length !== count)
    throw new Error(
      `${count} interactions were to be written, and ${pact.interactions.length} were`,
    )
  const { pactSpecification } = pact.metadata
  return `${JSON.stringify({ ...pact, metadata: { pactSpecification } }, null, 2)}\n`
}
