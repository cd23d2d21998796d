import { isSafe } from '../plan/index.ts'
import { bareKey, isSameSecret, Secret, type Target } from '../target/index.ts'
import { type Asking, failed, isSomethingElse, type Progress, type StateCall } from './ask.ts'

/** Sees to it that what a target answered for a state is something that was made for it alone. */
export type Ownership = {
  /**
   * Claims the answered values of a set-up for it.
   *
   * A target that answers the configured credential, what it answered for another creation, or, by its
   * own list, what has another name, speaks of something that is not ours to remove: those values are
   * dropped, so that nothing is removed by them, and what was made is looked for by its name. The list
   * is asked for once per state: a recipe is right or wrong.
   *
   * @param path the values that say which thing it is
   * @throws AssayError STATE_FAILED
   */
  claim(
    call: StateCall & { readonly progress: Progress },
    path: readonly string[],
    asking: Asking,
  ): Promise<void>
}

/** Opens the claims on one target; what was claimed once stays so, also after it was removed. */
export function createOwnership({ credential, form, safety }: Target): Ownership {
  const claimed = new Set<string>()
  const asked = new Set<string>()

  function whyForeign(
    { state, name, operation, progress: { values } }: Parameters<Ownership['claim']>[0],
    path: readonly string[],
  ): string | undefined {
    const isOurOwn = Object.values(values).some(
      (value) =>
        credential !== undefined &&
        isSameSecret(
          bareKey(form, value instanceof Secret ? value : new Secret('', value)),
          credential,
        ),
    )
    if (isOurOwn) return `the state "${state}" answered the configured credential itself`
    const ids = path.flatMap((each) => (Object.hasOwn(values, each) ? [values[each]] : []))
    const mayBeShared = safety === 'disposable' || isSafe(operation.method)
    if (mayBeShared || name === undefined || ids.length === 0) return undefined
    const key = JSON.stringify([state, ids])
    if (claimed.has(key)) return `the state "${state}" answered what it had answered before`
    claimed.add(key)
    return undefined
  }

  return {
    async claim(call, path, asking) {
      let reason = whyForeign(call, path)
      if (reason === undefined && safety !== 'disposable' && !asked.has(call.state)) {
        asked.add(call.state)
        if (await isSomethingElse(call, asking))
          reason = `the state "${call.state}" answered what the target lists under another name`
      }
      if (reason === undefined) return
      call.progress.values = {}
      throw failed(`${reason}: that is nothing that was made for this probe`)
    },
  }
}
