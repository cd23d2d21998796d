import type { Report } from './collect.ts'
import { listTroubles, type Trouble } from './troubles.ts'

/** GitHub shows no more than ten annotations of a kind per step. */
const most = 10

/**
 * Writes workflow commands that put what is red, and what is mere practice, at the line that promised
 * it; of a pact, at the line that asks for it.
 */
export function renderGithub(report: Report): string {
  const troubles = listTroubles(report)
  const errors = troubles.filter(({ kind }) => kind === 'fail' || kind === 'error')
  const warnings = troubles.filter(({ kind }) => kind === 'warning')
  const notices = troubles.filter(({ kind }) => kind === 'known' || kind === 'remark')
  return [...capped('error', errors), ...capped('warning', warnings), ...capped('notice', notices)]
    .map((line) => `${line}\n`)
    .join('')
}

type Command = 'error' | 'warning' | 'notice'

function capped(command: Command, troubles: readonly Trouble[]): readonly string[] {
  const lines = troubles.map((trouble) => annotation(command, trouble))
  if (lines.length <= most) return lines
  const rest = lines.length - (most - 1)
  return [...lines.slice(0, most - 1), `::${command} title=Assay::${rest} more; see the report`]
}

function annotation(command: Command, { place: at, title, text }: Trouble): string {
  const [, file = '', line = '1', column = '1'] = /^(.*):(\d+):(\d+)$/s.exec(at) ?? []
  const place = file === '' ? '' : `file=${property(file)},line=${line},col=${column},`
  return `::${command} ${place}title=${property(title)}::${data(text)}`
}

/** What would end the line of a workflow command has to be escaped. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
