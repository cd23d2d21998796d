/** Options come in; a reference control plane that keeps its promises, but those it is told to break, goes out. */
export type { Catch, Fault, Outage } from './fault.ts'
export { faults, harmless, outages } from './faults/index.ts'
export type { RegionHandle } from './region.ts'
export type { SeenRequest } from './seen.ts'
export { type FaultChoice, type Provider, type ProviderOptions, startProvider } from './start.ts'
export { widenDocument } from './wider-document.ts'
