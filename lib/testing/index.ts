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
export { type FaultKind, RECOVERABLE_FAULTS } from "./faults.js";
export { startLoopback } from "./loopback.js";
export type { Loopback, LoopbackOptions } from "./types.js";
