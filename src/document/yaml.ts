import { isNode, parseDocument, type YAMLError } from 'yaml'
import type { AssayError } from '../errors.ts'
import type { Parsed } from './json.ts'
import { sourceErrors } from './source-errors.ts'
import type { Text } from './text.ts'
import { locateYaml } from './yaml-places.ts'
import { readYamlValue } from './yaml-values.ts'

/**
 * Reads YAML 1.2 in its core schema (section 10.3), with merge keys, as far as it can stand for
 * JSON (OpenAPI 3.1, section 4.2).
 *
 * Throws SOURCE_SYNTAX, SOURCE_EMPTY, SOURCE_TOO_DEEP, SOURCE_DUPLICATE_KEY and SOURCE_ALIAS_BOMB.
 * Only this file and its two neighbours load `yaml`, whose import costs more than most texts do:
 * import them when a text turns out not to be JSON.
 */
export function parseYaml(text: Text): Parsed {
  const { contents, errors, warnings } = parseDocument(text.content, {
    version: '1.2',
    schema: 'core',
    resolveKnownTags: false,
    uniqueKeys: false, // ours names both places, and is linear
    prettyErrors: false,
    logLevel: 'error',
  })
  const exhausted = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION')
  if (exhausted !== undefined) throw sourceErrors.tooDeep(text, exhausted.pos[0])
  const [problem] = [...errors, ...warnings.filter(({ code }) => code === 'TAG_RESOLVE_FAILED')]
  if (problem !== undefined) throw syntaxError(text, problem)
  if (!isNode(contents) || contents.range?.[0] === contents.range?.[1]) {
    throw sourceErrors.empty(text)
  }
  const { value, targets } = readYamlValue(text, contents)
  return { value, offsetOf: locateYaml(contents, targets) }
}

function syntaxError(text: Text, { code, message, pos }: YAMLError): AssayError {
  if (code === 'MULTIPLE_DOCS') {
    return sourceErrors.syntax(text, pos[0], 'expected one YAML document, received several')
  }
  const told = message.charAt(0).toLowerCase() + message.slice(1)
  return sourceErrors.syntax(text, pos[0], `not well-formed YAML: ${told}`, hints.get(code))
}

const hints: ReadonlyMap<YAMLError['code'], string> = new Map([
  ['BAD_SCALAR_START', 'put the value in quotes'],
  ['BLOCK_AS_IMPLICIT_KEY', 'put a value that holds ": " in quotes'],
  ['TAB_AS_INDENT', 'indent with spaces'],
  ['TAG_RESOLVE_FAILED', 'remove the tag; only those of JSON can be read'],
])
