import { isDeepStrictEqual } from 'node:util'
import { joinPointer, type Pointer } from '../../document/index.ts'
import type { Schemas } from '../../schema/index.ts'
import { Unsayable } from './rules.ts'

/** A text in which schemas stand: the document, or its envelope. */
export type SchemaText = {
  readonly name: 'document' | 'envelope'
  readonly schemas: Schemas
  valueAt(pointer: Pointer): unknown
  resolveRef(ref: string, at: Pointer): Pointer
}

/** One schema that a value has to meet. */
export type Clause = { readonly text: SchemaText; readonly pointer: Pointer }

/** All that a value has to meet: every clause, and of each choice at least one list of clauses. */
export type Demand = {
  readonly clauses: readonly Clause[]
  readonly choices: readonly Choice[]
}

type Choice = readonly (readonly Clause[])[]

/** One way to meet a demand: plain clauses, with nothing left to choose or to look up. */
export type Way = {
  readonly clauses: readonly Clause[]
  readonly kinds: ReadonlySet<Kind>
  /** The values that it leaves, where it lists them. */
  readonly values: readonly unknown[] | undefined
}

export type Kind = 'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object'

export type Members = Readonly<Record<string, unknown>>

const kinds: readonly Kind[] = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object']

/** Beyond so many ways, what a value may be is no promise any more. */
const most = 64

/**
 * Lists the ways in which a demand can be met, in the order of the document: `$ref` and `allOf`
 * followed, one branch chosen of each `anyOf` and `oneOf`. Ways that no value can take are left out.
 *
 * @throws Unsayable where there are too many
 */
export function waysToMeet({ clauses, choices }: Demand): readonly Way[] {
  const lists = unfold([], clauses, choices)
  return lists.flatMap((list) => {
    const way = readWay(list)
    return way.kinds.size === 0 ? [] : [way]
  })
}

/** Whether a value meets a demand, by the validators of its clauses. */
export function meets({ clauses, choices }: Demand, value: unknown): boolean {
  return (
    meetsAll(clauses, value) &&
    choices.every((choice) => choice.some((list) => meetsAll(list, value)))
  )
}

export function meetsAll(clauses: readonly Clause[], value: unknown): boolean {
  return clauses.every(({ text, pointer }) => text.schemas.validator(pointer)(value).length === 0)
}

export function schemaAt({ text, pointer }: Clause): Members {
  const value = text.valueAt(pointer)
  return isMembers(value) ? value : {}
}

/** The clause that a keyword of a clause holds; undefined where it holds none that says anything. */
export function clauseAt(
  { text, pointer }: Clause,
  ...segments: readonly string[]
): Clause | undefined {
  const clause = { text, pointer: joinPointer(pointer, ...segments) }
  const value = text.valueAt(clause.pointer)
  return value === undefined || value === true ? undefined : clause
}

/** Whether it is marked `writeOnly`, itself or where its `$ref`s lead. */
export function isWriteOnly(clause: Clause): boolean {
  const seen = new Set<Pointer>()
  for (let { text, pointer } = clause; !seen.has(pointer); ) {
    seen.add(pointer)
    const { writeOnly, $ref } = schemaAt({ text, pointer })
    if (writeOnly === true) return true
    if (typeof $ref === 'string') pointer = text.resolveRef($ref, pointer)
  }
  return false
}

/** The same for the same clauses. */
export function keyOf(clauses: readonly Clause[]): string {
  return clauses.map(({ text, pointer }) => `${text.name}#${pointer}`).join(' ')
}

export function kindOf(value: unknown): Kind {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value as Kind
}

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function unfold(
  done: readonly Clause[],
  todo: readonly Clause[],
  choices: readonly Choice[],
): readonly (readonly Clause[])[] {
  const flat = [...done]
  const open = [...choices]
  const rest = [...todo]
  for (let clause = rest.shift(); clause !== undefined; clause = rest.shift()) {
    if (flat.some((each) => isSame(each, clause as Clause))) continue
    if (clause.text.valueAt(clause.pointer) === false) return []
    flat.push(clause)
    rest.push(...partsOf(clause))
    open.push(...choicesOf(clause))
  }
  const [first, ...others] = open
  if (first === undefined) return [flat]
  const lists: (readonly Clause[])[] = []
  for (const branch of first) {
    lists.push(...unfold(flat, branch, others))
    if (lists.length > most) throw new Unsayable('it may be too many different things')
  }
  return lists
}

function isSame(one: Clause, other: Clause): boolean {
  return one.text === other.text && one.pointer === other.pointer
}

function partsOf(clause: Clause): readonly Clause[] {
  const { text, pointer } = clause
  const schema = schemaAt(clause)
  const references = [schema.$ref, schema.$dynamicRef].filter((ref) => typeof ref === 'string')
  return [
    ...references.map((ref) => ({ text, pointer: text.resolveRef(ref, pointer) })),
    ...branchesAt(clause, 'allOf'),
  ]
}

function choicesOf(clause: Clause): readonly Choice[] {
  return ['anyOf', 'oneOf']
    .map((keyword) => branchesAt(clause, keyword).map((branch) => [branch]))
    .filter((choice) => choice.length > 0)
}

function branchesAt(clause: Clause, keyword: string): readonly Clause[] {
  const list = schemaAt(clause)[keyword]
  if (!Array.isArray(list)) return []
  return list.map((_, index) => ({
    text: clause.text,
    pointer: joinPointer(clause.pointer, keyword, String(index)),
  }))
}

function readWay(clauses: readonly Clause[]): Way {
  const schemas = clauses.map(schemaAt)
  const typed = schemas.flatMap(({ type }) => (type === undefined ? [] : [kindsNamed(type)]))
  const said = typed.length > 0 ? typed : schemas.flatMap(impliedKinds)
  const allowed = kinds.filter((kind) => said.every((set) => set.has(kind)))
  const values = valuesOf(schemas)?.filter((value) => allowed.includes(kindOf(value)))
  return {
    clauses,
    values,
    kinds: new Set(values === undefined ? allowed : values.map(kindOf)),
  }
}

function kindsNamed(type: unknown): ReadonlySet<Kind> {
  const names = Array.isArray(type) ? type : [type]
  return new Set(names.flatMap((name): Kind[] => (name === 'number' ? ['integer', name] : [name])))
}

/** Keywords that speak of one type of value only; a schema without `type` that has one means that type. */
const speakOf: readonly (readonly [Kind, readonly string[]])[] = [
  ['object', ['properties', 'required', 'additionalProperties', 'patternProperties']],
  ['array', ['items', 'prefixItems', 'minItems', 'maxItems']],
  ['string', ['pattern', 'format', 'minLength', 'maxLength']],
]

function impliedKinds(schema: Members): readonly ReadonlySet<Kind>[] {
  const found = speakOf.filter(([, keywords]) => keywords.some((keyword) => keyword in schema))
  return found.length === 0 ? [] : [new Set(found.map(([kind]) => kind))]
}

/** What `const` and `enum` leave; undefined where neither stands. */
function valuesOf(schemas: readonly Members[]): readonly unknown[] | undefined {
  const lists = schemas.flatMap((schema) => [
    ...('const' in schema ? [[schema.const]] : []),
    ...(Array.isArray(schema.enum) ? [schema.enum] : []),
  ])
  const [first, ...others] = lists
  return first?.filter((value) =>
    others.every((list) => list.some((other) => isDeepStrictEqual(other, value))),
  )
}
