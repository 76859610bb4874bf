import { purgedKFold } from "../../lib/features/splits/purgedKFold.js";
import { stationaryIndices } from "../../lib/trading/significance/bootstrap.js";
import { backtestOverfitting } from "../../lib/trading/significance/overfitting.js";
import {
  deflatedSharpe,
  expectedMaxSharpe,
  probabilisticSharpe,
  type SharpeMoments,
  sharpeDifferenceTest,
  sharpeMoments,
} from "../../lib/trading/significance/sharpeInference.js";
import { christoffersenTest, kupiecTest } from "../../lib/trading/significance/varTests.js";
import type { Adapter, Inputs } from "./vectors.js";

function momentsOf(input: Inputs): SharpeMoments {
  return {
    sharpe: input.number("sr_period"),
    count: input.number("n_obs"),
    skew: input.number("skew"),
    kurtosis: input.number("kurtosis_raw"),
  };
}

function columnsOf(rows: readonly number[][]): Float64Array[] {
  return rows[0]!.map((_, n) => Float64Array.from(rows, (row) => row[n]!));
}

export const finInferenceAdapters: Readonly<Record<string, Adapter>> = {
  deflatedSharpe: (input) => {
    const moments = momentsOf(input);
    const variance = input.number("var_trials_period");
    const all = deflatedSharpe(moments, { variance, count: input.number("n_trials"), source: "independent" });
    return {
      sr0_period: all.benchmark,
      dsr: all.probability,
      dsr_46_trials: deflatedSharpe(moments, { variance, count: 46, source: "independent" }).probability,
      psr0: probabilisticSharpe(moments, 0),
    };
  },
  psr: (input) => {
    const moments = momentsOf(input);
    const benchmark = input.number("sr_benchmark");
    return {
      psr: probabilisticSharpe(moments, benchmark),
      psr_normal: probabilisticSharpe({ ...moments, skew: 0, kurtosis: 3 }, benchmark),
    };
  },
  expectedMaxSharpe: (input) => ({
    value: expectedMaxSharpe({ variance: input.number("var"), count: input.number("n") }),
  }),
  pbo: (input) => {
    const found = backtestOverfitting(columnsOf(input.matrix("returns")), input.number("S"));
    return {
      pbo: found.probability,
      logits: found.logits,
      prob_oos_loss: found.lossProbability,
      degradation_slope: found.degradationSlope,
    };
  },
  bootstrapStat: (input) => {
    const returns = input.vector("returns");
    const resample = (index: readonly number[]) => Float64Array.from(index, (t) => returns[t]!);
    return { values: input.matrix("index").map((index) => sharpeMoments(resample(index)).sharpe) };
  },
  stationaryBootstrapIndices: (input) => ({
    index: stationaryIndices(input.vector("starts"), input.vector("restart")),
  }),
  sharpeDifferenceTest: (input) => {
    const { difference, variance, z, pValue } = sharpeDifferenceTest(input.vector("x"), input.vector("y"));
    return { diff: difference, var: variance, z, p: pValue };
  },
  kupiec: (input) => {
    const { statistic, pValue } = kupiecTest({
      observations: input.number("T"),
      exceedances: input.number("x"),
      probability: input.number("alpha"),
    });
    return { lr: statistic, p: pValue };
  },
  christoffersenIndependence: (input) => {
    const { statistic, pValue, transitions } = christoffersenTest(input.vector("hits"));
    return { lr: statistic, p: pValue, n: transitions };
  },
  purgedKFold: (input) => {
    const count = input.number("n");
    const folds = purgedKFold(count, {
      folds: input.number("k"),
      labelHorizon: input.number("label_horizon"),
      embargo: Math.floor(count * input.number("embargo_fraction")),
    });
    return {
      folds: folds.map(({ train, test }) => ({ test: [test[0], test[test.length - 1]], train })),
    };
  },
};
