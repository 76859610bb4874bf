export { compoundedReturns, equalWeights, meanReturns } from "./averages.js";
export { compareWalks, type WalkedRow } from "./compareWalks.js";
export { effectiveBets, effectiveNumber, herfindahl } from "./concentration.js";
export {
  type Evaluation,
  evaluatePortfolios,
  type PortfolioSet,
  portfolioReturns,
  rowsOf,
  setOf,
} from "./evaluator.js";
export { type FactorRisk, factorRisk, type RiskDecomposition } from "./factorRisk.js";
export { overParts, type PartOptions, type PartResults, type TestMarket } from "./manyParts.js";
export {
  type AverageRow,
  averagesOfParts,
  type DifferenceRow,
  differenceOfPair,
  differencesFromFirst,
  differencesOfPairs,
  type PartSharpe,
  ruleOf,
} from "./partDifferences.js";
export { type PathRow, pathTable } from "./pathTable.js";
export { type ReturnParts, returnParts } from "./returnParts.js";
export { type Persistence, persistence, type RiskReturn, riskReturn } from "./riskReturn.js";
export { type Selection, selectBest } from "./select.js";
export { shockScenario } from "./shock.js";
export {
  averageTraits,
  type MeasuredTraits,
  measureTraits,
  type Traits,
  traitsByRecipe,
  weightIn,
} from "./traits.js";
export { type HeldShares, type KnownMoments, trueSharpe } from "./trueSharpe.js";
export { type Decide, type WalkOptions, walkForward, walkTogether } from "./walkForward.js";
