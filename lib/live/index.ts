/**
 * A paper trading run: closed candle to forecast to order, journalled, limited, resumable to the bit.
 *
 * Main types: `LivePipeline`, `Session`, `Journal`.
 * @module
 */

export * from "./broker/index.js";
export * from "./journal/index.js";
export * from "./pipeline/index.js";
export * from "./risk/index.js";
export { openSession, type Session, type SessionOptions } from "./session.js";
export {
  type BarStep,
  type Decision,
  type DecisionMaker,
  type LiveBar,
  type Readings,
  STAGES,
  type Stage,
} from "./types.js";
