import { AssayError } from '../errors.ts'
import type { Fault, FaultChoice } from '../provider/index.ts'

export type Given = {
  /** As written: `NAME`, `NAME=AMOUNT`, `NAME@REGION`, `NAME=AMOUNT@REGION`. */
  readonly faults: readonly string[]
  /** Where those go that name no region; none: everywhere. */
  readonly faultRegions: readonly string[]
  readonly regions: readonly string[]
  readonly known: readonly Fault[]
}

/**
 * Reads which faults go where.
 *
 * @throws AssayError USAGE for a fault or region that does not exist, with the nearest one, and for
 * an amount that is no number or that a fault does not have
 */
export async function chooseFaults(given: Given): Promise<readonly FaultChoice[]> {
  const { faults, faultRegions, regions, known } = given
  const names = known.map(({ name }) => name)
  await refuseUnknown('region', faultRegions, regions)
  if (faultRegions.length > 0 && faults.length === 0)
    throw new AssayError('USAGE', '--fault-region says where, and no --fault says what')
  const chosen: FaultChoice[] = []
  for (const text of faults) {
    const [, name = '', amount, region] = /^([^=@]*)(?:=([^@]*))?(?:@(.*))?$/.exec(text) ?? []
    await refuseUnknown('fault', [name], names)
    if (region !== undefined) await refuseUnknown('region', [region], regions)
    const fault = known.find((each) => each.name === name)
    const choice = { name, ...(amount === undefined ? {} : { amount: read(fault, amount) }) }
    const where = region === undefined ? faultRegions : [region]
    if (where.length === 0) chosen.push(choice)
    for (const each of where) chosen.push({ ...choice, region: each })
  }
  return chosen
}

/** Everything that may be chosen, by kind, each with its statement and usual amount. */
export function listFaults(repertoire: ReadonlyMap<string, readonly Fault[]>): string {
  return [...repertoire]
    .map(([kind, faults]) => {
      const lines = faults.map(({ name, statement, amount }) => {
        const usual = amount === undefined ? '' : ` (=${amount.usual} ${amount.unit})`
        return `  ${name.padEnd(42)}${statement}${usual}\n`
      })
      return `${kind}\n${lines.join('')}`
    })
    .join('\n')
}

function read(fault: Fault | undefined, text: string): number {
  const amount = Number(text)
  if (fault?.amount === undefined)
    throw new AssayError('USAGE', `the fault "${fault?.name}" has no amount`, {
      hint: 'assay provider --list shows the amount of those that have one',
    })
  if (text.trim() !== '' && amount >= 0 && Number.isFinite(amount)) return amount
  throw new AssayError('USAGE', `"${text}" is no amount of ${fault.amount.unit}`, {
    hint: `usual is ${fault.name}=${fault.amount.usual}`,
  })
}

async function refuseUnknown(
  what: string,
  given: readonly string[],
  known: readonly string[],
): Promise<void> {
  const { nearest } = await import('../document/index.ts')
  for (const name of given) {
    if (known.includes(name)) continue
    const near = nearest(name, known)
    const list = what === 'region' ? `there are ${known.slice(0, 6).join(', ')}` : undefined
    throw new AssayError('USAGE', `there is no ${what} "${name}"`, {
      hint:
        near === undefined
          ? (list ?? 'assay provider --list lists the faults')
          : `did you mean "${near}"?`,
    })
  }
}
