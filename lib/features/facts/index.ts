/**
 * Stylised facts of returns, with ranges to expect them in.
 * @module
 */
export { type CrossSectionRow, crossSections } from "./crossSection.js";
export { rawKurtosis } from "./dependence.js";
export { confront, type HeldOutRow, type HeldOutSet, heldOutSet, readHeldOut } from "./heldOut.js";
export { type DayFacts, dayFacts, type JointFacts, jointFacts } from "./jointFacts.js";
export { type Kpss, type KpssOptions, kpss } from "./kpss.js";
export { FACT_LABELS } from "./labels.js";
export {
  type FactName,
  type FactRange,
  factRanges,
  factsOverWindows,
  HALF_YEARS,
  type WindowOptions,
} from "./rangesOfFacts.js";
export { REAL_RANGES } from "./realRanges.js";
export { type DickeyFuller, type DickeyFullerOptions, dickeyFuller } from "./stationarity.js";
export { type WeekFacts, weekFacts } from "./weekFacts.js";
