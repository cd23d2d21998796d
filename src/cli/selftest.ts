import type { Command } from 'commander'
import type { Trial } from '../selftest.ts'

/** `assay selftest`: every fault of the reference provider against every check, over sockets. */
export function addSelftest(program: Command): void {
  program
    .command('selftest')
    .description(
      'try every fault and every harmless variant; say what was missed or falsely accused',
    )
    .action(async () => {
      const [{ selftest }, { checks }] = await Promise.all([
        import('../selftest.ts'),
        import('../verdict/index.ts'),
      ])
      const trials: Trial[] = []
      for await (const trial of selftest()) {
        trials.push(trial)
        process.stdout.write(`${tellTrial(trial)}\n`)
      }
      const { text, exitCode } = concludeTrials(
        trials,
        checks.map(({ id }) => id),
      )
      process.stdout.write(text)
      process.exitCode = exitCode
    })
}

/** One line of a fault, and one each of where it was missed and what else was accused. */
export function tellTrial({ fault, harmless, found, missed, accused }: Trial): string {
  const sound = missed.length + accused.length === 0
  const label = harmless ? (sound ? 'spared' : 'ACCUSED') : sound ? 'caught' : 'WRONG'
  const show = (places: Trial['found']) =>
    places.map(({ check, cell }) => `${check} at ${cell}`).join(', ')
  return [
    `${label.padEnd(8)}${fault.padEnd(40)}${show(found)}`.trimEnd(),
    ...(missed.length > 0 ? [`        missed   ${show(missed)}`] : []),
    ...(accused.length > 0 ? [`        accused  ${show(accused)}`] : []),
  ].join('\n')
}

/**
 * Sums trials up: 0 when every fault was caught where it is and nowhere else, every harmless variant
 * was spared, and no check was idle.
 */
export function concludeTrials(
  trials: readonly Trial[],
  checks: readonly string[],
): { readonly text: string; readonly exitCode: 0 | 1 } {
  const idle = checks.filter(
    (id) => !trials.some(({ found }) => found.some(({ check }) => check === id)),
  )
  const faults = trials.filter(({ harmless }) => !harmless)
  const spared = trials.filter(({ harmless, accused }) => harmless && accused.length === 0)
  const caught = faults.filter(({ missed, accused }) => missed.length + accused.length === 0)
  const harmless = trials.length - faults.length
  const complete = caught.length === faults.length && spared.length === harmless
  return {
    text: [
      ...idle.map((id) => `IDLE    ${id} caught nothing`),
      '',
      `${caught.length} of ${faults.length} faults caught where they are, ${spared.length} of ${harmless} harmless variants spared`,
      '',
    ].join('\n'),
    exitCode: faults.length > 0 && complete && idle.length === 0 ? 0 : 1,
  }
}
