import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { markdownTable } from 'markdown-table'
import { baselineSchema } from '../baseline/index.ts'
import { errorCodes } from '../errors.ts'
import { pactCheck, pactRules, type RuleFacts, verificationSchema } from '../pact/index.ts'
import { laws } from '../plan/index.ts'
import { reportSchema } from '../report/index.ts'
import { suiteSchema } from '../target/index.ts'
import { checks, regionAgreement } from '../verdict/index.ts'
import { allCommands, createProgram } from './program.ts'

/** Every file that is made from the code, by its path in the repository. `npm run generate` writes them. */
export function generateFiles(): Readonly<Record<string, string>> {
  return {
    'schemas/suite.schema.json': json(suiteSchema),
    'schemas/report.schema.json': json(reportSchema),
    'schemas/baseline.schema.json': json(baselineSchema),
    'schemas/verification.schema.json': json(verificationSchema),
    'docs/options.md': page('Options', optionPages(createProgram())),
    'docs/errors.md': page('Error codes', [errorTable()]),
    'docs/checks.md': page('Checks, laws and rules for pacts', [
      ...checks.map(checkSection),
      ...laws.map(lawSection),
      checkSection(regionAgreement),
      ...[...pactRules, pactCheck].map(checkSection),
    ]),
    'docs/suite.md': page('The suite file', [suiteTable()]),
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

function page(title: string, blocks: readonly string[]): string {
  return `${[`# ${title}`, '<!-- Made from the code by `npm run generate`. -->', ...blocks].join('\n\n')}\n`
}

function optionPages(program: Command): readonly string[] {
  return allCommands(program).map((command) => {
    const rows = command.options.map(({ flags, envVar, description }) => [
      `\`${flags}\``,
      envVar === undefined ? '' : `\`${envVar}\``,
      escapeCell(description),
    ])
    const head = `## ${fullName(command)}\n\n${command.description()}`
    return rows.length === 0
      ? head
      : `${head}\n\n${markdownTable([['option', 'environment', ''], ...rows])}`
  })
}

function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`
}

function errorTable(): string {
  const rows = Object.entries(errorCodes).map(([code, { exit, meaning }]) => [
    `\`${code}\``,
    String(exit),
    escapeCell(meaning),
  ])
  return markdownTable([['code', 'exit', 'meaning'], ...rows])
}

function checkSection({
  id,
  level,
  proves,
  source,
  example,
  cure,
}: RuleFacts & { readonly cure?: string }): string {
  return [
    `## ${id}`,
    `Level \`${level}\`. Proves that ${proves}. Promised by: ${source}.`,
    ['```', `expected  ${example.expected}`, `received  ${example.received}`, '```'].join('\n'),
    ...(cure === undefined ? [] : [`What to do: ${cure}`]),
  ].join('\n\n')
}

function lawSection({
  id,
  statement,
  proves,
  source,
  example,
  cure,
}: (typeof laws)[number]): string {
  return [
    `## ${id} (law)`,
    `States that ${statement}. ${proves} Promised by: ${source}.`,
    ['```', `expected  ${example.expected}`, `received  ${example.received}`, '```'].join('\n'),
    `To put it right: ${cure}`,
    `A target that cannot show it says so: \`cannot: [{ status: ${id}, reason: … }]\`.`,
  ].join('\n\n')
}

type Described = {
  readonly description?: string
  readonly properties?: Readonly<Record<string, Described>>
  readonly patternProperties?: Readonly<Record<string, Described>>
  readonly additionalProperties?: Described | boolean
  readonly items?: Described
}

function suiteTable(): string {
  const rows = [...keysOf(suiteSchema as Described, '')]
  return markdownTable([
    ['key', 'meaning'],
    ...rows.map(([key, text]) => [`\`${key}\``, escapeCell(text)]),
  ])
}

/** Every key that a suite may hold, as a dotted path; `*` is any name and `[]` an item. */
function* keysOf(schema: Described, prefix: string): Generator<readonly [string, string]> {
  const named = Object.entries({ ...schema.properties, ...schema.patternProperties })
  for (const [name, child] of named) {
    yield [`${prefix}${name}`, child.description ?? '']
    yield* keysOf(child, `${prefix}${name}.`)
  }
  if (typeof schema.additionalProperties === 'object') {
    yield* keysOf(schema.additionalProperties, `${prefix}*.`)
  }
  if (schema.items !== undefined) yield* keysOf(schema.items, `${prefix.replace(/\.$/, '')}[].`)
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [file, text] of Object.entries(generateFiles())) {
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}
