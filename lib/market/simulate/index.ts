/**
 * Simulated markets whose truth is known: latent states, planted signals and breaks, broken feeds.
 * @module
 */
export { type BrokenFeed, brokenBars } from "./brokenBars.js";
export { forecastParts, type KnownParts } from "./forecastParts.js";
export { type DecidedRows, nextBarTruth, type TruthfulMarket } from "./nextBar.js";
export { type BestPortfolio, bestPortfolio } from "./optimal.js";
export { type PlantedBreak, plantBreak } from "./plantedBreak.js";
export {
  MOVE_SHAPES,
  type MoveLeg,
  type MoveRow,
  type MoveShape,
  moveTable,
  plantMove,
} from "./plantedMove.js";
export { type Simulation, simulate } from "./simulate.js";
export type { Truth } from "./truth.js";
