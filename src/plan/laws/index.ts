/** Promises that take several exchanges, one per file. */
import { deletedCredentialStopsWorking } from './deleted-credential-stops-working.ts'
import { deletedStaysDeleted } from './deleted-stays-deleted.ts'
import type { Law } from './law.ts'

export const laws: readonly Law[] = [deletedStaysDeleted, deletedCredentialStopsWorking]
export type { Law } from './law.ts'
