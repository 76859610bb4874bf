export { holdableLimits, type Limits, largestReturn } from "./limits.js";
export { type Constraints, clipAndRenormalise, project, redistribute } from "./projection.js";
