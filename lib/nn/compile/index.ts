/**
 * Tensor steps that are recorded once and then run compiled, with the same numbers.
 * @module
 */
export { type Traced, type TraceOptions, trace } from "./trace.js";
