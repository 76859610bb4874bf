export {
  type CalibratedFractions,
  type CalibratedSplit,
  everyNth,
  type Fractions,
  type Split,
  splitByTime,
  type Timed,
} from "./split.js";
export { type ForwardFold, type WalkForwardOptions, walkForward } from "./walkForward.js";
