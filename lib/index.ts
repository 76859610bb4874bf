/**
 * Variational inference for trading, a namespace a room.
 * @module vitrade
 */

export * as core from "./core/index.js";
export { key } from "./core/random.js";
export { budget } from "./core/settings.js";
export * as features from "./features/index.js";
export * as live from "./live/index.js";
export * as market from "./market/index.js";
export * as models from "./models/index.js";
export * as nn from "./nn/index.js";
export * as plot from "./plot/index.js";
export * as portfolio from "./portfolio/index.js";
export * as prob from "./prob/index.js";
export * as sweep from "./sweep/index.js";
export * as testing from "./testing/index.js";
export * as trading from "./trading/index.js";
