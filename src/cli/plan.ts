import type { Command } from 'commander'
import { prepareOptions, type TargetFlags, withShardOption, withTargetOptions } from './options.ts'

/** `assay plan`: what would be sent where, by whom, with which effect; sends nothing. */
export function addPlan(program: Command): void {
  withShardOption(
    withTargetOptions(
      program
        .command('plan')
        .description('say what a run would send where, by whom and with which effect; send nothing')
        .argument(
          '[suite]',
          'suite file; default: the control plane with its embedded reference provider',
        ),
    ),
  ).action(async (suite: string | undefined, flags: TargetFlags) => {
    const [{ prepare }, { renderPlan }, { planTargets }] = await Promise.all([
      import('../prepare.ts'),
      import('./render-plan.ts'),
      import('./plan-targets.ts'),
    ])
    const prepared = await prepare(prepareOptions(suite, flags))
    process.stdout.write(renderPlan(prepared, planTargets(prepared)))
  })
}
