export {
  compareRules,
  expectedGain,
  type RuleComparison,
  type RuleResult,
  type RuleRow,
  ruleTable,
} from "./compareRules.js";
export {
  compareExpected,
  compareLedgers,
  type ExpectedRow,
  expectedDifference,
  type LedgerRow,
  type RuleDifference,
  type RuleLedger,
  ruleDifference,
} from "./comparison.js";
export { type DifferenceOfRules, differenceRows } from "./differenceRows.js";
export { type EquityCurve, equityCurves } from "./equityCurves.js";
export { expectedReturns, type TrueMoments } from "./expectedReturns.js";
export {
  diversificationRatio,
  expectedReturn,
  expectedSharpe,
  expectedVolatility,
  type Moments,
  riskContributions,
} from "./portfolioMoments.js";
export { type ResultRow, resultRows } from "./resultRows.js";
export { type ScenarioRisk, scenarioRisk } from "./scenarioRisk.js";
export { type SharpeByCost, sharpeByCost } from "./sharpeByCost.js";
export { signHitRate } from "./signHitRate.js";
export { type Summary, summarise, summaryRows } from "./summary.js";
export { expectedShortfall, gaussianTailRisk, type TailRisk, valueAtRisk } from "./tailRisk.js";
export { type KnownMarket, sharpeByTrueMeans, type TrueMeanRow } from "./trueMeans.js";
export { type WinRateRow, winRateByConfidence } from "./winRate.js";
