export { compareRules, expectedGain, type RuleResult } from "./compareRules.js";
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
export { equityCurve } from "./drawdown.js";
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
export { type RuleComparison, type RuleRow, ruleTable } from "./ruleTable.js";
export { type ScenarioRisk, scenarioRisk } from "./scenarioRisk.js";
export { type Summary, summarise, summaryRows } from "./summary.js";
export { expectedShortfall, gaussianTailRisk, type TailRisk, valueAtRisk } from "./tailRisk.js";
export { type KnownMarket, sharpeByTrueMeans, type TrueMeanRow } from "./trueMeans.js";
export { type WinRateRow, winRateByConfidence } from "./winRate.js";
