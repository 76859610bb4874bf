/** Everything a notebook may import. */
export {
  fold,
  gammas,
  integers,
  type Key,
  key,
  normals,
  normals32,
  permutation,
  type Stream,
  stream,
  uniforms,
} from "./core/random.js";
export { budget } from "./core/settings.js";
export * from "./core/stats.js";
export type { Bars, Ledger, Panel, Predictive, Windows } from "./core/types.js";
