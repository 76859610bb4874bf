/** Coverage of the true edge by the exact posterior and by mean field, over all hours and where mean field is narrowest. */
import { checkPositive, Matrix, mean, quantile, standardDeviation, variance } from "../../../core/index.js";
import { normalCoverage } from "../../../prob/scores/index.js";
import { bayesianLinearRegression, type LinearPosterior, meanFieldOptimum } from "../exact/conjugate.js";
import type { Design } from "../exact/regression.js";
import { forecastReturns, type ScaledRows, type WeightPosterior } from "./forecastReturns.js";

/** Percentages of the true means inside 90 % intervals of the edge. */
export interface WidthCoverage {
  /** Over all rows. */
  readonly exact: number;
  readonly meanField: number;
  /** Over the tenth of the rows in which mean field is narrowest relative to the exact posterior. */
  readonly exactTenth: number;
  readonly meanFieldTenth: number;
}

/** The best mean-field Gaussian for an exact posterior: its mean, and the variances 1/Λ on the diagonal. */
export function factorised(posterior: LinearPosterior): WeightPosterior {
  const { variance: own } = meanFieldOptimum(posterior.precision);
  return { mean: posterior.mean, covariance: Matrix.diag(Array.from(own)) };
}

const LEVEL = 0.9;

/**
 * Coverage on `test`, whose true means are [N], of the posteriors fitted to `train` under a prior of variance `priorVar`, the noise
 * being that of the targets.
 * @throws RangeError when the test part has no true means, or as `bayesianLinearRegression`.
 */
export function widthCoverage(
  {
    train,
    test,
  }: { readonly train: Design; readonly test: ScaledRows & { readonly trueMean?: Float64Array } },
  priorVar: number,
): WidthCoverage {
  checkPositive("priorVar", priorVar);
  const { trueMean } = test;
  if (!trueMean) throw new RangeError("test: expected the true means of a simulated market, got none");
  const noiseVar = variance(train.y);
  const posterior = bayesianLinearRegression(train, noiseVar, priorVar);
  const exact = forecastReturns(posterior, noiseVar, test);
  const meanField = forecastReturns(factorised(posterior), noiseVar, test);
  const ratio = meanField.epistemic.map((own, n) => own / exact.epistemic[n]!);
  const limit = quantile(ratio, 0.1);
  const held = ({ mean: centre, epistemic }: typeof exact, keep: (n: number) => boolean) => {
    const some = (values: Float64Array) => values.filter((_, n) => keep(n));
    const forecasts = { mean: some(centre), sd: some(epistemic).map(Math.sqrt), value: some(trueMean) };
    return 100 * normalCoverage(forecasts, LEVEL);
  };
  const isNarrow = (n: number) => ratio[n]! <= limit;
  return {
    ...{ exact: held(exact, () => true), meanField: held(meanField, () => true) },
    ...{ exactTenth: held(exact, isNarrow), meanFieldTenth: held(meanField, isNarrow) },
  };
}

/** One posterior over many markets: mean coverages in per cent, and their standard errors over the markets. */
export type WidthCoverageRow = {
  readonly posterior: string;
  readonly "all hours": number;
  readonly "± se": number;
  readonly "narrowest tenth": number;
  readonly "± se (tenth)": number;
};

/** A row a posterior over the coverages of several markets [M]. @throws RangeError when there are fewer than two. */
export function widthCoverageRows(markets: readonly WidthCoverage[]): WidthCoverageRow[] {
  if (markets.length < 2) throw new RangeError(`markets: expected at least two, got ${markets.length}`);
  const row = (posterior: string, all: keyof WidthCoverage, tenth: keyof WidthCoverage) => {
    const whole = markets.map((one) => one[all]);
    const narrow = markets.map((one) => one[tenth]);
    const error = (values: number[]) => standardDeviation(values) / Math.sqrt(values.length);
    return {
      ...{ posterior, "all hours": mean(whole), "± se": error(whole) },
      ...{ "narrowest tenth": mean(narrow), "± se (tenth)": error(narrow) },
    };
  };
  return [row("exact", "exact", "exactTenth"), row("mean field", "meanField", "meanFieldTenth")];
}
