import { joinPointer, type Pointer } from './pointer.ts'
import { scanJson } from './scan-json.ts'

/** A key that its object already holds; `differs` says that the two values are not equal JSON. */
export type DuplicateKey = {
  readonly pointer: Pointer
  /** Of the repeated key, into the text. */
  readonly offset: number
  readonly differs: boolean
}

/**
 * Lists the keys that repeat within one object, in the order of the text, each compared with the
 * first of its name.
 *
 * RFC 8259, section 4, leaves open which one counts. The text must be well-formed JSON.
 */
export function findDuplicateKeys(json: string): readonly DuplicateKey[] {
  return hasDuplicateKeys(json) ? compareDuplicates(json) : []
}

function hasDuplicateKeys(json: string): boolean {
  const open: (Set<string> | undefined)[] = []
  let found = false
  scanJson(json, {
    open: (kind) => open.push(kind === 'object' ? new Set() : undefined),
    key(name) {
      const names = open.at(-1)
      if (names?.has(name)) found = true
      names?.add(name)
    },
    close: () => open.pop(),
  })
  return found
}

type Frame = {
  readonly kind: 'object' | 'array'
  readonly pointer: Pointer
  readonly firsts: Map<string, number>
  readonly children: Map<string, number>
  key: string
  keyOffset: number
}

/**
 * Gives equal values equal numbers, from the leaves up, so no value is compared twice and depth
 * does not matter.
 */
function compareDuplicates(json: string): readonly DuplicateKey[] {
  const numbers = new Map<string, number>()
  const frames: Frame[] = []
  const duplicates: DuplicateKey[] = []

  const finish = (form: string): void => {
    const value = numbers.get(form) ?? numbers.size
    numbers.set(form, value)
    const frame = frames.at(-1)
    if (frame === undefined) return
    if (frame.kind === 'array') frame.key = String(frame.children.size)
    const first = frame.firsts.get(frame.key)
    frame.children.set(frame.key, value)
    if (first === undefined) frame.firsts.set(frame.key, value)
    else {
      const pointer = joinPointer(frame.pointer, frame.key)
      duplicates.push({ pointer, offset: frame.keyOffset, differs: value !== first })
    }
  }

  scanJson(json, {
    open: (kind) => {
      const frame = frames.at(-1)
      if (frame?.kind === 'array') frame.key = String(frame.children.size)
      // Appending shares the text of the outer pointer, so many levels cost no more than few.
      const pointer = frame === undefined ? '' : joinPointer(frame.pointer, frame.key)
      frames.push({ kind, pointer, firsts: new Map(), children: new Map(), key: '', keyOffset: 0 })
    },
    key(name, offset) {
      const frame = frames.at(-1)
      if (frame === undefined) return
      frame.key = name
      frame.keyOffset = offset
    },
    scalar: (start, end) => finish(scalarForm(json.slice(start, end))),
    close() {
      const frame = frames.pop()
      if (frame !== undefined) finish(containerForm(frame))
    },
  })
  return duplicates.sort((one, other) => one.offset - other.offset)
}

function containerForm({ kind, children }: Frame): string {
  if (kind === 'array') return `[${[...children.values()].join()}]`
  const members = [...children].map(([name, value]) => `${JSON.stringify(name)}:${value}`)
  return `{${members.sort().join()}}`
}

function scalarForm(token: string): string {
  if (token.startsWith('"')) return JSON.stringify(JSON.parse(token))
  return /^[-\d]/.test(token) ? numberForm(token) : token
}

/** `1`, `1.0` and `10e-1` are one number; digits beyond a double's precision still count. */
function numberForm(token: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE](.+))?$/.exec(token) ?? []
  const digits = (whole + fraction).replace(/^0+/, '')
  if (digits === '') return '0'
  const significant = digits.replace(/0+$/, '')
  const power = Number(exponent) - fraction.length + digits.length - significant.length
  return `${sign}${significant}e${power}`
}
