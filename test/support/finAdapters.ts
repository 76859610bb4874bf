import { fromRows } from "../../lib/core/linalg.js";
import { autocorrelation, correlation, mean, standardDeviation } from "../../lib/core/stats.js";
import type { RowMoments } from "../../lib/core/types.js";
import { blockSums, hillIndex, ljungBox, rawKurtosis } from "../../lib/features/facts/dependence.js";
import * as bet from "../../lib/trading/decisions/bet.js";
import * as size from "../../lib/trading/decisions/size.js";
import {
  annualGrowth,
  calmarRatio,
  maximumDrawdown,
  totalReturn,
} from "../../lib/trading/performance/drawdown.js";
import { gainLoss, uncertaintyAdjustedSharpe } from "../../lib/trading/performance/metrics.js";
import {
  downsideDeviation,
  kurtosis,
  lagCorrelation,
  sharpeEstimate,
  sharpeRatio,
  skewness,
  sortinoRatio,
} from "../../lib/trading/performance/returns.js";
import {
  cornishFisherValueAtRisk,
  expectedShortfall,
  gaussianTailRisk,
  interpolatedTailRisk,
  valueAtRisk,
} from "../../lib/trading/performance/tailRisk.js";
import { optimalBlockLength } from "../../lib/trading/significance/blockLength.js";
import {
  minimumTrackRecord,
  probabilisticSharpe,
  type SharpeMoments,
  sharpeMoments,
} from "../../lib/trading/significance/sharpeInference.js";
import type { Adapter, Inputs } from "./vectors.js";

const nullIfNaN = (value: number | null) => (Number.isNaN(value) ? null : value);

function performance(input: Inputs): Record<string, unknown> {
  const returns = input.vector("returns");
  const barsPerYear = input.number("periods_per_year");
  return {
    ...growth(returns, barsPerYear),
    ...(returns.length > 24 ? { ...shape(returns, barsPerYear), ...blocks(returns) } : {}),
  };
}

function growth(returns: Float64Array, barsPerYear: number): Record<string, unknown> {
  return {
    sharpe: nullIfNaN(sharpeRatio(returns, barsPerYear)),
    sortino: nullIfNaN(sortinoRatio(returns, barsPerYear)),
    total_return: totalReturn(returns),
    cagr: annualGrowth(returns, barsPerYear),
    max_drawdown: maximumDrawdown(returns).depth,
    calmar: calmarRatio(returns, barsPerYear, 0),
  };
}

function shape(returns: Float64Array, barsPerYear: number): Record<string, unknown> {
  const sharpe = sharpeEstimate(returns, { barsPerYear, horizon: 24 });
  const results = gainLoss(returns);
  const positive = returns.filter((r) => r > 0).length / returns.length;
  const plugIn = { mean: mean(returns), aleatoric: standardDeviation(returns) ** 2, epistemic: 0 };
  return {
    mean: plugIn.mean,
    sd: standardDeviation(returns),
    ann_return_arith: plugIn.mean * barsPerYear,
    ann_vol: standardDeviation(returns) * Math.sqrt(barsPerYear),
    sharpe_period: sharpe.perBar,
    downside_dev: downsideDeviation(returns),
    win_rate_nonzero: results.winRate,
    win_rate_all: positive,
    profit_factor: results.profitFactor,
    payoff: results.payoff,
    kelly_discrete: results.winRate - (1 - results.winRate) / results.payoff,
    kelly_continuous: size.gaussianKelly({ ...plugIn, latent: 0 }),
    skew: skewness(returns),
    kurtosis_raw: kurtosis(returns),
    sharpe_se_iid_normal: sharpe.normalStandardError / Math.sqrt(barsPerYear),
    sharpe_se_mertens: sharpe.standardErrorPerBar,
    lo_eta_24: sharpe.eta,
    lo_autocorr: Array.from({ length: 23 }, (_, i) => lagCorrelation(returns, i + 1)),
    ...tails(returns),
    ...probabilistic(returns),
  };
}

/** The circular block is longer by (3/2)^⅓. */
function blocks(returns: Float64Array): Record<string, unknown> {
  const length = optimalBlockLength(returns);
  return { optimal_block_stationary: length, optimal_block_circular: length * Math.cbrt(1.5) };
}

function tails(returns: Float64Array): Record<string, unknown> {
  const linear = interpolatedTailRisk(returns, 0.05);
  const gauss = gaussianTailRisk(returns, 0.05);
  return {
    var95_order_stat: valueAtRisk(returns, 1 - 0.95),
    cvar95_rockafellar: expectedShortfall(returns, 0.05),
    var95_linear_quantile: linear.valueAtRisk,
    cvar95_mean_below_linear: linear.expectedShortfall,
    var95_gauss: gauss.valueAtRisk,
    cvar95_gauss: gauss.expectedShortfall,
    var95_cornish_fisher: cornishFisherValueAtRisk(returns, 0.05),
  };
}

function probabilistic(returns: Float64Array): Record<string, unknown> {
  const moments = sharpeMoments(returns);
  const record = minimumTrackRecord(moments, 0, 0.95);
  const unit = new Float64Array(returns.length).fill(1);
  return {
    psr0: uncertaintyAdjustedSharpe(returns, unit, 1).probabilistic,
    min_trl_95: Number.isFinite(record) ? record : null,
    psr0_quantstats_value: probabilisticSharpe({ ...moments, ...pandasMoments(moments) }, 0),
  };
}

/** The reference keeps a known mistake as a value: unbiased moments, and an excess kurtosis where the formula wants the raw one. */
function pandasMoments({ count: n, skew, kurtosis: raw }: SharpeMoments) {
  return {
    skew: (skew * Math.sqrt(n * (n - 1))) / (n - 2),
    kurtosis: ((n - 1) / ((n - 2) * (n - 3))) * ((n + 1) * (raw - 3) + 6),
  };
}

export const finMetricAdapters: Readonly<Record<string, Adapter>> = {
  stylisedFacts: (input) => {
    const r = input.vector("returns");
    const size = r.map(Math.abs);
    return {
      acf_r_1: autocorrelation(r, 1),
      acf_abs: [1, 5, 10].map((lag) => autocorrelation(size, lag)),
      leverage_1: correlation(
        r.subarray(0, -1),
        r.subarray(1).map((x) => x * x),
      ),
      hill_25: hillIndex(size, 25),
      kurtosis_raw: rawKurtosis(r),
      agg_kurtosis_10: rawKurtosis(blockSums(r, 10)),
      ljung_box_10: ljungBox(r, 10),
    };
  },
  performance,
  kellyBinary: (input) => {
    const terms = {
      probability: input.number("p"),
      win: input.number("win"),
      loss: input.number("loss"),
    };
    const kelly = bet.binaryKelly(terms);
    return {
      kelly,
      growth_at_kelly: bet.binaryGrowth(terms, kelly),
      growth_half: bet.binaryGrowth(terms, size.fractional(kelly, 0.5)),
      chapter327: bet.sourceKelly(terms, input.number("uncertainty")).fraction,
      zero_growth_fraction: bet.zeroGrowthFraction(terms),
    };
  },
  kellyGaussian: (input) => {
    const forecast = forecastOf(input);
    const plugin = size.gaussianKelly({ ...forecast, epistemic: 0 });
    return {
      plugin,
      predictive: size.gaussianKelly(forecast),
      baker_mchale_shrink: size.estimationShrinkage(forecast.mean, forecast.epistemic),
      shrunk: size.shrunkKelly(forecast),
      growth_plugin: size.growthUnderEstimationError({ ...forecast, epistemic: 0 }, 1),
      half: size.fractional(plugin, 0.5),
    };
  },
  kellyBetaPosterior: (input) => {
    const [alpha, beta, win] = [input.number("alpha"), input.number("beta"), input.number("win")];
    return {
      bayes_optimal: bet.betaKelly({ alpha, beta }, { win, loss: 1 }),
      map_plugin: bet.binaryKelly({ probability: (alpha - 1) / (alpha + beta - 2), win, loss: 1 }),
    };
  },
  expectedGrowthUnderEstimationError: (input) => {
    const forecast = forecastOf(input);
    const best = size.estimationShrinkage(forecast.mean, forecast.epistemic);
    return {
      growth: input.vector("c").map((scale) => size.growthUnderEstimationError(forecast, scale)),
      c_star: best,
      growth_star: size.growthUnderEstimationError(forecast, best),
      growth_plugin: size.growthUnderEstimationError(forecast, 1),
    };
  },
  kellyMulti: (input) => {
    const { sizes, growth: best } = size.multiKelly(input.vector("mu"), fromRows(input.matrix("cov")));
    return { f: sizes, growth: best };
  },
  uncertaintyAdjustedSharpe: (input) => {
    const returns = input.vector("returns");
    const barsPerYear = input.number("periods_per_year");
    const three = uncertaintyAdjustedSharpe(returns, input.vector("uncertainty"), barsPerYear);
    return {
      confidence: three.confidence,
      sharpe_sized: three.sized,
      sharpe_inflated: three.inflated,
      sharpe_raw: sharpeRatio(returns, barsPerYear),
      probabilistic: three.probabilistic,
    };
  },
};

function forecastOf(input: Inputs): RowMoments {
  return {
    mean: input.number("mu"),
    aleatoric: input.number("sigma") ** 2,
    ...{ latent: 0, epistemic: input.number("tau") ** 2 },
  };
}
