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
      const idle = checks.filter(
        ({ id }) => !trials.some(({ found }) => found.some(({ check }) => check === id)),
      )
      for (const { id } of idle) process.stdout.write(`IDLE    ${id} caught nothing\n`)
      const { text, sound } = summary(trials)
      process.stdout.write(`\n${text}\n`)
      process.exitCode = sound && idle.length === 0 ? 0 : 1
    })
}

function tellTrial({ fault, harmless, found, missed, accused }: Trial): string {
  const sound = missed.length + accused.length === 0
  const label = harmless ? (sound ? 'spared' : 'ACCUSED') : sound ? 'caught' : 'WRONG'
  const show = (places: Trial['found']) =>
    places.map(({ check, cell }) => `${check} at ${cell}`).join(', ')
  return [
    `${label.padEnd(8)}${fault.padEnd(40)}${show(found)}`,
    ...(missed.length > 0 ? [`        missed   ${show(missed)}`] : []),
    ...(accused.length > 0 ? [`        accused  ${show(accused)}`] : []),
  ]
    .join('\n')
    .trimEnd()
}

function summary(trials: readonly Trial[]) {
  const faults = trials.filter(({ harmless }) => !harmless)
  const spared = trials.filter(({ harmless, accused }) => harmless && accused.length === 0)
  const caught = faults.filter(({ missed, accused }) => missed.length + accused.length === 0)
  const harmless = trials.length - faults.length
  return {
    text: `${caught.length} of ${faults.length} faults caught where they are, ${spared.length} of ${harmless} harmless variants spared`,
    sound: trials.length > 0 && caught.length === faults.length && spared.length === harmless,
  }
}
