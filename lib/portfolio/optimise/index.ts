export {
  type Estimator,
  exponentialCovariance,
  factorCovariance,
  type Shrunk,
  sampleCovariance,
  shrunkToEqualCorrelation,
  shrunkToIdentity,
} from "./covariance.js";
export {
  type ForecastPortfolioOptions,
  forecastPortfolios,
  type PortfolioDecisions,
} from "./forecastPortfolios.js";
export { frontier } from "./frontier.js";
export {
  type MeanVarianceInput,
  meanVariance,
  minimumVariance,
  targetReturn,
  type VariationalInput,
  variationalPortfolio,
} from "./meanVariance.js";
export { maximumSharpe, type SharpeInput } from "./ratio.js";
export { riskParity } from "./riskParity.js";
export { type WorstCase, worstCase } from "./robust.js";
export { maximumWorstCase, type ScenarioPortfolio } from "./scenarios.js";
