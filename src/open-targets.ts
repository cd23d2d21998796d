import type { Prepared } from './prepare.ts'
import { limitTo, type Share } from './share.ts'
import {
  describeTarget,
  embeddedTarget,
  resolveTarget,
  type Target,
  type TargetFacts,
} from './target/index.ts'

/**
 * Makes targets of what was chosen and is looked at here, and starts the reference provider where it is
 * one of them. Of the others no credential is read.
 */
export async function openTargets(
  { chosen, suite, promises, environment }: Prepared,
  share: Share,
  today: string | undefined,
) {
  const { document } = promises
  const targets: Target[] = []
  const closers: (() => Promise<void>)[] = []
  const close = async () => void (await Promise.all(closers.map((each) => each())))
  const add = (target: Target) => targets.push(limitTo(share.partOf(target.name), target))
  try {
    for (const each of chosen) {
      const { kind, name, entry } = each
      const own = share.targets.filter(
        (target) => target.chosen === each && share.partOf(target.name) > 0,
      )
      if (own.length === 0) continue
      if (kind === 'remote') {
        add(resolveTarget(name, entry, { suite, document, environment, today }))
        continue
      }
      const { startProvider } = await import('./provider/index.ts')
      const provider = await startProvider({ regions: own.map(({ region }) => region) })
      closers.push(() => provider.close())
      for (const region of provider.regions) add(embeddedTarget(name, region, entry, suite, today))
    }
  } catch (error) {
    await close()
    throw error
  }
  const opened = new Map(targets.map((target) => [target.name, target]))
  const known = share.targets.map(
    (target): TargetFacts =>
      opened.get(target.name) ?? describeTarget(target, { document, environment }),
  )
  return { targets, known, close }
}
