/**
 * An exchange on this machine that speaks Bybit's protocol, with faults on request: for tests and demonstrations.
 *
 * Main types: `Loopback`.
 * @module
 * @example
 * const exchange = await testing.startLoopback({ bars, key: core.key("exchange") });
 * await exchange.close();
 */

export { STREAM_FAULTS, type StreamFault } from "./disturb.js";
export {
  type Arrival,
  arrivals,
  drawFaults,
  type EarlyCandle,
  earlyMessages,
  type FaultRow,
  type FaultRun,
  faultRuns,
  faultTable,
  type PlayedBars,
} from "./faults/faultRuns.js";
export { type FaultKind, RECOVERABLE_FAULTS } from "./faults/faults.js";
export { type HeardBars, type HearOptions, hearBars } from "./faults/heard.js";
export { startLoopback } from "./loopback.js";
export { type CandleRow, candleRows } from "./messages/candleRows.js";
export {
  type CandleMessage,
  candleMessages,
  compareRecording,
  type Recording,
  type RecordingOptions,
  recordStream,
  WIRE_FAULTS,
  type WireFault,
} from "./recording.js";
export { type Replay, type ReplayOptions, startReplay } from "./replay.js";
export type { Loopback, LoopbackOptions } from "./types.js";
