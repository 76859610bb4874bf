import { momentsOf, totalVariances } from "../../lib/core/forecast.js";
import { brierScore } from "../../lib/prob/calibration/calibration.js";
import {
  adaptiveCalibrationError,
  type ClassForecasts,
  calibrationError,
  classScores,
  classwiseCalibrationError,
} from "../../lib/prob/calibration/classCalibration.js";
import {
  adaptiveConformal,
  conformalQuantile,
  coverageDistribution,
  quantileBandScores,
} from "../../lib/prob/calibration/conformal.js";
import {
  intervalCalibration,
  kuleshovError,
  quantileCalibration,
} from "../../lib/prob/calibration/levelCalibration.js";
import {
  applyIsotonic,
  applyTemperature,
  fitSpread,
  fitTemperature,
  isotonicRegression,
} from "../../lib/prob/calibration/recalibration.js";
import { mixtureProbability, mixtureQuantile } from "../../lib/prob/distributions/drawMixture.js";
import { classUncertainty, varianceConfidence } from "../../lib/prob/divergences/uncertainty.js";
import { binaryNll, brierSkill, murphyParts } from "../../lib/prob/scores/binaryScores.js";
import { crpsFair, crpsOfDraws } from "../../lib/prob/scores/crps.js";
import {
  centralIntervals,
  normalCoverage,
  normalScores,
  probabilityTransform,
} from "../../lib/prob/scores/normalForecasts.js";
import type { Adapter, Inputs } from "./vectors.js";

function classification(input: Inputs): Record<string, unknown> {
  const rows = input.matrix("probs");
  const bins = input.number("n_bins");
  const forecasts: ClassForecasts = {
    classes: rows[0]!.length,
    probability: rows.flat(),
    label: input.vector("labels"),
  };
  const error = calibrationError(forecasts, bins);
  const scores = classScores(forecasts);
  const temperature = fitTemperature(forecasts);
  const total = rows.length;
  const average = (of: "predicted" | "observed") =>
    error.bins.reduce((sum, bin) => (bin.count ? sum + (bin.count / total) * bin[of] : sum), 0);
  return {
    ece: error.expected,
    rms: error.rootMeanSquare,
    mce: error.maximum,
    bins: error.bins.map(({ count, observed, predicted }) => [count / total, observed, predicted]),
    ece_10: calibrationError(forecasts, 10).expected,
    adaptive_ece_10: adaptiveCalibrationError(forecasts, 10).expected,
    classwise_ece: classwiseCalibrationError(forecasts, bins),
    gap_of_means: average("predicted") - average("observed"),
    brier_sum: scores.brier,
    nll: scores.nll,
    accuracy: scores.accuracy,
    entropy_mean: scores.entropy,
    temperature,
    nll_at_temperature: classScores({
      ...forecasts,
      probability: applyTemperature(forecasts.probability, forecasts.classes, temperature),
    }).nll,
  };
}

function regression(input: Inputs): Record<string, unknown> {
  const forecasts = { mean: input.vector("mu"), sd: input.vector("sigma"), value: input.vector("y") };
  const scores = normalScores(forecasts);
  const central = intervalCalibration(forecasts);
  const quantiles = quantileCalibration(forecasts);
  const { lower, upper } = centralIntervals(forecasts, 0.9);
  const width = upper.reduce((sum, u, n) => sum + (u - lower[n]!) / upper.length, 0);
  if (Math.abs(width - scores.width90) > 1e-12) throw new Error("two widths of one interval");
  return {
    nll: scores.nll,
    crps: scores.crps,
    check: scores.pinball,
    interval: scores.interval,
    sharpness: scores.sharpness,
    mace: central.meanAbsolute,
    rmsce: central.rootMeanSquare,
    miscal_area: central.area,
    mace_quantile: quantiles.meanAbsolute,
    mace_quantile_correct_sign: quantiles.meanAbsolute,
    coverage: Object.fromEntries(
      [0.5, 0.8, 0.9, 0.95].map((level) => [String(level), normalCoverage(forecasts, level)]),
    ),
    mpiw90: scores.width90,
    pit: probabilityTransform(forecasts),
    pit_ks: scores.transformDistance,
    z_var: scores.standardisedVariance,
    rmse: scores.rootMeanSquareError,
    std_scale_mle: fitSpread(forecasts),
    kuleshov_10: kuleshovError(probabilityTransform(forecasts)),
  };
}

export const calibAdapters: Readonly<Record<string, Adapter>> = {
  classificationCalibration: classification,
  regressionCalibration: regression,
  binaryScores: (input) => {
    const [p, y] = [input.vector("p"), input.vector("y")];
    return {
      brier: brierScore(p, y),
      nll: binaryNll(p, y),
      murphy: murphyParts(p, y, input.number("n_bins")),
      brier_skill: brierSkill(p, y),
      isotonic_fit: applyIsotonic(isotonicRegression(p, y), p.slice().sort()),
    };
  },
  crpsSample: (input) => {
    const [draws, value] = [input.vector("samples"), input.number("y")];
    return { ecdf: crpsOfDraws(draws, value), fair: crpsFair(draws, value) };
  },
  classUncertainty: (input) => {
    const samples = input.matrix("prob_samples") as unknown as number[][][];
    const classes = samples[0]![0]!.length;
    const draws = samples.length;
    const got = classUncertainty({ draws, classes, probability: samples.flat(2) });
    const rows = got.total.length;
    return {
      mean_probs: Array.from({ length: rows }, (_, n) =>
        Array.from(got.probability.subarray(n * classes, (n + 1) * classes)),
      ),
      predictive_entropy: got.total,
      expected_entropy: got.aleatoric,
      mutual_information: got.epistemic,
      var_sum_population: got.variance.map((v) => (v * (draws - 1)) / draws),
      var_sum_unbiased: got.variance,
      chapter_confidence: varianceConfidence(got.variance),
    };
  },
  epistemicAleatoric: (input) => {
    const means = input.matrix("means");
    const draws = { draws: means.length, mean: means.flat(), variance: input.matrix("vars").flat() };
    const parts = momentsOf(draws);
    const { mean, epistemic, aleatoric } = parts;
    return {
      ...{ mean, epistemic, aleatoric, total: totalVariances(parts) },
      mixture_q05: mixtureQuantile(draws, 0.05),
      p_pos: mixtureProbability(draws, 0).map((p) => 1 - p),
    };
  },
  splitConformal: (input) => {
    const { rank, quantile } = conformalQuantile(input.vector("scores"), input.number("alpha"));
    return { k: rank, qhat: quantile };
  },
  conformalCoverageLaw: (input) => {
    const distribution = coverageDistribution(input.number("n"), input.number("alpha"));
    return {
      k: distribution.rank,
      mean: distribution.mean,
      q05: distribution.quantile(0.05),
      q95: distribution.quantile(0.95),
    };
  },
  cqr: (input) => {
    const scores = quantileBandScores(input.vector("y"), input.vector("lo"), input.vector("hi"));
    return { scores, qhat: conformalQuantile(scores, input.number("alpha")).quantile };
  },
  adaptiveConformal: (input) => {
    const got = adaptiveConformal(input.vector("cal_scores"), input.vector("scores"), {
      alpha: input.number("alpha"),
      gamma: input.number("gamma"),
    });
    return { alpha_path: got.alpha, errors: got.miss, miscoverage: got.missRate };
  },
};
