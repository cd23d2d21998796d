import type { Exchange } from '../../exchange/index.ts'
import type { Hole } from '../../plan/index.ts'
import type { Arrangement } from '../../state/index.ts'
import { reproduce } from '../../verdict/index.ts'
import { splitPath } from './path-values.ts'
import type { Unit } from './unit.ts'
import { namesIn, pathExpression } from './wanted.ts'

/** Writes the shell lines that show an answer again: what arranges its states, and the request. */
export function showAgain(
  { pact, interaction, expectation }: Unit,
  { scope, arranged }: Arrangement,
  exchange: Exchange,
): readonly string[] {
  const { operation } = expectation
  const values = splitPath(operation.path, pathExpression(interaction.request))?.values ?? []
  const path = Object.fromEntries(
    [...values].map(([parameter, text]) => [parameter, holeFor(text, parameter, scope)]),
  )
  const step = {
    name: interaction.description,
    operation,
    path,
    use: { kind: 'configured' },
    expect: [String(interaction.response.status)],
    because: `${pact.consumer} relies on it`,
  } as const
  const effect = { sound: '', broken: '', touchesOthers: false }
  const script = { id: interaction.description, given: [], steps: [step], effect }
  const probe = { id: script.id, expectation, script, kind: 'probe' } as const
  return reproduce({ probe, scope, arranged, steps: [{ step, exchange }] }, 0)
}

function holeFor(text: string, parameter: string, scope: Arrangement['scope']): Hole {
  const [name = ''] = /[{]/.test(text) ? namesIn(text) : []
  const given = Object.keys(scope).find((each) => Object.hasOwn(scope[each] ?? {}, name))
  return given === undefined ? { kind: 'absent', parameter } : { kind: 'given', given, value: name }
}
