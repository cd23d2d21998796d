/** Promises that take several exchanges, one per file. */
import { accountsStayApart } from './accounts-stay-apart.ts'
import { anyIdIsAnswered } from './any-id-is-answered.ts'
import { authenticationBeforeExistence } from './authentication-before-existence.ts'
import { credentialFormIsEnforced } from './credential-form-is-enforced.ts'
import { deletedCredentialStopsWorking } from './deleted-credential-stops-working.ts'
import { deletedStaysDeleted } from './deleted-stays-deleted.ts'
import { failedRequestCanBeRepeated } from './failed-request-can-be-repeated.ts'
import type { Law } from './law.ts'
import { oneOfTwoDeletionsWins } from './one-of-two-deletions-wins.ts'
import { onlyTheNamedIsDeleted } from './only-the-named-is-deleted.ts'
import { refusedRequestChangesNothing } from './refused-request-changes-nothing.ts'
import { undocumentedMethodDoesNothing } from './undocumented-method-does-nothing.ts'

/** In the order in which they are told. */
export const laws: readonly Law[] = [
  deletedStaysDeleted,
  onlyTheNamedIsDeleted,
  oneOfTwoDeletionsWins,
  deletedCredentialStopsWorking,
  authenticationBeforeExistence,
  credentialFormIsEnforced,
  refusedRequestChangesNothing,
  accountsStayApart,
  failedRequestCanBeRepeated,
  anyIdIsAnswered,
  undocumentedMethodDoesNothing,
]

export type { Facts, Law } from './law.ts'
export { deletedCredentialStopsWorking }
