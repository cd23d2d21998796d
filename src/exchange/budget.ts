import { AssayError } from '../errors.ts'
import type { Target } from '../target/index.ts'

/** Requests that are set aside to undo something: nothing else may use them. */
export type Reserve = {
  /** Takes one of them, or one that nobody has set aside; false: none is left. */
  take(): boolean
  /** Gives back those that were not needed. */
  free(): void
}

/** How many requests a target may still get. */
export type Budget = {
  readonly sent: number
  /**
   * Takes one that is not set aside.
   *
   * @throws AssayError BUDGET_SPENT
   */
  take(): void
  /**
   * Sets requests aside, provided that `ahead` more are left for what is to be undone by them.
   *
   * @throws AssayError BUDGET_SPENT
   */
  reserve(count: number, ahead: number): Reserve
}

/**
 * Opens the budget of requests of a target. It is never exceeded: what undoing may take is set aside
 * before anything is made, and once it refused something it refuses all that is not set aside, so
 * that it is spent at one moment and for one reason.
 */
export function createBudget({ limits }: Target): Budget {
  let sent = 0
  let aside = 0
  let spent: AssayError | undefined

  function need(count: number): void {
    if (spent === undefined && sent + aside + count > limits.requestBudget)
      spent = spentError(limits.requestBudget, sent)
    if (spent !== undefined) throw spent
  }

  return {
    get sent() {
      return sent
    },
    take() {
      need(1)
      sent += 1
    },
    reserve(count, ahead) {
      need(count + ahead)
      aside += count
      let left = count
      return {
        take() {
          if (left === 0 && sent + aside >= limits.requestBudget) return false
          if (left > 0) {
            left -= 1
            aside -= 1
          }
          sent += 1
          return true
        },
        free() {
          aside -= left
          left = 0
        },
      }
    },
  }
}

function spentError(total: number, sent: number): AssayError {
  return new AssayError(
    'BUDGET_SPENT',
    `the budget of ${total} requests is spent: ${sent} were sent, the rest is kept to remove what was made; raise requestBudget (--request-budget), or look at less with --include-operation`,
  )
}
