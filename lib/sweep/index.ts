/**
 * Studies of many networks: a file that says what is searched, stacks that are trained here or by workers, one table of results.
 *
 * Main types: `Study`, `NetworkRow`.
 * @example
 * const study = sweep.readStudy({ name: "idle", data: { sha256: "0".repeat(64) }, model: "none", search: { grid: { beta: [1, 4] } } });
 * sweep.trialsOf(study).length;
 */
export * from "./history/index.js";
export * from "./networks/index.js";
export * from "./plan/index.js";
export * from "./results/index.js";
export * from "./run/index.js";
export { type SourceOptions, sourceOf, type TrainedStudy, trainStudy } from "./run/trainStudy.js";
export * from "./study/index.js";
