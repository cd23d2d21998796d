/** Options come in; a reference control plane that keeps its promises, but those it is told to break, goes out. */
export type { Catch, Difference, Fault, Outage } from './fault.ts'
export {
  differences,
  families,
  faults,
  hardships,
  harmless,
  lateRevocations,
  outages,
  repertoire,
} from './faults/index.ts'
export type { Touch } from './ledger.ts'
export type { RegionHandle } from './region.ts'
export type { SeenRequest } from './seen.ts'
export { type FaultChoice, type Provider, type ProviderOptions, startProvider } from './start.ts'
export { widenDocument } from './wider-document.ts'
