/** A pact and the promises of a document come in; verdicts, one per operation and status, go out. */
export { type CheckOptions, checkPact } from './check-pact.ts'
export { compilePromises, type PactPromises } from './promises.ts'
export type { RuleFacts } from './rule.ts'
export { pactRules } from './rules/index.ts'
