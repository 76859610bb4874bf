export { effectiveBets, effectiveNumber, herfindahl } from "./concentration.js";
export {
  type Evaluation,
  evaluatePortfolios,
  type PortfolioSet,
  portfolioReturns,
  rowsOf,
} from "./evaluator.js";
export { type FactorRisk, factorRisk, type RiskDecomposition } from "./factorRisk.js";
