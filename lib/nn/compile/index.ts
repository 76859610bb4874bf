export { type Traced, type TraceOptions, trace } from "./trace.js";
