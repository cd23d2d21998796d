import type { Prepared } from '../prepare.ts'
import { embeddedTarget, resolveTarget, type Target } from '../target/index.ts'

/** The targets of a plan; a region that the run would start itself stands in with an address of no use. */
export function planTargets({ chosen, suite, promises, environment }: Prepared): readonly Target[] {
  const { document } = promises
  return chosen.flatMap(({ kind, name, entry }) =>
    kind === 'remote'
      ? [resolveTarget(name, entry, { suite, document, environment })]
      : (entry.embedded?.regions ?? []).map((region) =>
          embeddedTarget(
            name,
            {
              name: region,
              url: 'http://127.0.0.1',
              statesUrl: 'http://127.0.0.1',
              apiKey: '-',
              faultHeader: { name: 'X-Assay-Fault', value: '-' },
            },
            entry,
            suite,
          ),
        ),
  )
}
