/** Assay as a library: the pipeline in order, one run over it, and what a run says. */

export { collectReport } from './collect.ts'
export { type Document, loadDocument, type Operation } from './document/index.ts'
export { AssayError, type ErrorCode } from './errors.ts'
export type { Exchange } from './exchange/index.ts'
export { type Expectation, type Law, planExpectations } from './plan/index.ts'
export { type Probe, planProbes } from './probe/index.ts'
export { type Fault, startProvider } from './provider/index.ts'
export { type Report, renderConsole, renderJson } from './report/index.ts'
export { type RunEvent, type RunOptions, run } from './run.ts'
export { compileSchemas, type Schemas } from './schema/index.ts'
export { loadSuite, type Suite, type Target } from './target/index.ts'
export { type Check, checks, type Finding, judge, type Verdict } from './verdict/index.ts'
