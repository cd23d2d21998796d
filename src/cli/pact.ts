import type { Command } from 'commander'
import { addCheck } from './pact/check.ts'
import { addGate } from './pact/gate.ts'
import { addPublish } from './pact/publish.ts'
import { addVerify } from './pact/verify.ts'
import { addWrite } from './pact/write.ts'

/** The subcommands of `assay pact`, in the order of the work. */
const subcommands: readonly ((pact: Command) => void)[] = [
  addWrite,
  addCheck,
  addVerify,
  addPublish,
  addGate,
]

/** `assay pact …`: the same document as pacts. */
export function addPact(program: Command): void {
  const pact = program
    .command('pact')
    .description('write, check, verify, publish and gate pacts made from the same document')
  for (const add of subcommands) add(pact)
}
