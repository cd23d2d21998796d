import type { Prepared } from '../prepare.ts'
import { limitTo, shareOf } from '../share.ts'
import { embeddedTarget, type NamedTarget, resolveTarget, type Target } from '../target/index.ts'

/** The targets of a plan; a region that the run would start itself stands in with an address of no use. */
export function planTargets(prepared: Prepared): readonly Target[] {
  const { suite, promises, environment } = prepared
  const { document } = promises
  const share = shareOf(prepared)
  const open = ({ region, chosen: { kind, name, entry } }: NamedTarget) =>
    kind === 'remote'
      ? resolveTarget(name, entry, { suite, document, environment })
      : embeddedTarget(name, { ...nowhere, name: region }, entry, suite)
  return share.targets.flatMap((target) => {
    const part = share.partOf(target.name)
    return part === 0 ? [] : [limitTo(part, open(target))]
  })
}

const nowhere = {
  url: 'http://127.0.0.1',
  statesUrl: 'http://127.0.0.1',
  apiKey: '-',
  faultHeader: { name: 'X-Assay-Fault', value: '-' },
}
