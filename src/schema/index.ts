/** An OpenAPI document comes in; validators that say what is wrong, and which line promised it, go out. */
export {
  compileSchema,
  compileSchemas,
  compileSource,
  type Schemas,
  type Validate,
} from './compile.ts'
export { findWriteOnly, type Shape, shapeOf } from './shape.ts'
export type { ViewName } from './view.ts'
export { cut, excerpt, type Violation } from './violation.ts'
