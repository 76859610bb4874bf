export {
  compareExpected,
  compareRules,
  type ExpectedRow,
  expectedDifference,
  type RuleDifference,
  type RuleLedger,
  type RuleRow,
  ruleDifference,
} from "./comparison.js";
export { equityCurve } from "./drawdown.js";
export { expectedReturns, type TrueMoments } from "./expectedReturns.js";
export {
  diversificationRatio,
  expectedReturn,
  expectedSharpe,
  expectedVolatility,
  type Moments,
  riskContributions,
} from "./portfolioMoments.js";
export { type ScenarioRisk, scenarioRisk } from "./scenarioRisk.js";
export { type Summary, summarise } from "./summary.js";
export { expectedShortfall, gaussianTailRisk, type TailRisk, valueAtRisk } from "./tailRisk.js";
export { type WinRateRow, winRateByConfidence } from "./winRate.js";
