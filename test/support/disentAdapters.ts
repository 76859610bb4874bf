import { mean, sum } from "../../lib/core/stats.js";
import { activeDimensions } from "../../lib/models/disentangle/activeDimensions.js";
import { dciFromImportance, linearDci } from "../../lib/models/disentangle/dci.js";
import { factorVaeScore } from "../../lib/models/disentangle/factorVae.js";
import { type LabelledLatents, latentColumns } from "../../lib/models/disentangle/labelledLatents.js";
import { mutualInformationGap } from "../../lib/models/disentangle/mig.js";
import { separatedPredictability } from "../../lib/models/disentangle/sap.js";
import { treeDci } from "../../lib/models/disentangle/treeDci.js";
import type { DiagonalGaussians } from "../../lib/prob/distributions/diagonalGaussians.js";
import { klToStandardNormal } from "../../lib/prob/distributions/gaussian.js";
import {
  fullWeights,
  gaussianTotalCorrelationOf,
  klDecomposition,
  type LogWeights,
  minibatchWeights,
  stratifiedWeights,
} from "../../lib/prob/divergences/decompose.js";
import { gaussianMutualInformation } from "../../lib/prob/divergences/mutualInformation.js";
import { type Adapter, type Inputs, loadGroup } from "./vectors.js";

function columns(rows: readonly (readonly number[])[]): Float64Array[] {
  return latentColumns(rows.flat(), rows[0]!.length);
}

function labelled(codes: number[][], factors: number[][]): LabelledLatents {
  return { codes: columns(codes), factors: columns(factors) };
}

function scores(input: Inputs): Record<string, unknown> {
  const data = labelled(input.matrix("codes"), input.matrix("factors"));
  const gap = mutualInformationGap(data);
  const sap = separatedPredictability(data);
  const dci = linearDci(data);
  return {
    ...{ mi_matrix: gap.information, factor_entropy: gap.entropy },
    ...{ mig_per_factor: gap.perFactor, mig: gap.mig, sap_r2_matrix: sap.rSquared, sap: sap.sap },
    ...{ dci_linear_importance: dci.importance, dci_linear_D: dci.disentanglement },
    ...{ dci_linear_C: dci.completeness, dci_linear_D_per_code: dci.perCode },
    ...{ dci_linear_C_per_factor: dci.perFactor, gaussian_tc: gaussianTotalCorrelationOf(data.codes) },
  };
}

function trees(input: Inputs): Record<string, unknown> {
  const rows = loadGroup("disent").find((one) => one.id === input.text("ref"))!.input;
  const data = labelled(rows.codes as number[][], rows.factors as number[][]);
  const dci = treeDci(data, { trainRows: input.number("train_first") });
  return {
    ...{ importance: dci.importance, D: dci.disentanglement, C: dci.completeness },
    ...{ acc_train: 1 - mean(dci.trainError), acc_test: 1 - mean(dci.testError) },
  };
}

/** The stride of well-known code: 1/N lands in the first column instead of the diagonal. */
function misplacedWeights(batch: number, dataSize: number): LogWeights {
  const others = batch - 1;
  const next = (dataSize - others) / (dataSize * others);
  return (i, j) => {
    const flat = i * batch + j;
    if (i === others - 1 && j === 0) return Math.log(next);
    if (flat % (others + 1) === 0) return Math.log(1 / dataSize);
    return Math.log(flat % (others + 1) === 1 ? next : 1 / others);
  };
}

function decomposition(input: Inputs): Record<string, unknown> {
  const [mu, logVar] = [input.matrix("mu"), input.matrix("logvar")];
  const [rows, latents] = [mu.length, mu[0]!.length];
  const codes: DiagonalGaussians = {
    ...{ rows, latents, mean: Float64Array.from(mu.flat()), logVar: Float64Array.from(logVar.flat()) },
  };
  const z = Float64Array.from(input.matrix("z").flat());
  const by = (weights: LogWeights) => {
    const parts = klDecomposition(codes, z, weights);
    return {
      ...{ log_qz: parts.logAggregate, log_prod_qzi: parts.logMarginals, mi: parts.information },
      ...{ tc: parts.totalCorrelation, dwkl: parts.dimensionwise, kl_sample: parts.kl },
    };
  };
  const size = input.number("dataset_size");
  return {
    mws: by(minibatchWeights(rows, size)),
    mss: by(stratifiedWeights(rows, size)),
    mss_reference_code: by(misplacedWeights(rows, size)),
    full: by(fullWeights(rows)),
    analytic_kl_mean: sum(klToStandardNormal(codes.mean, codes.logVar)) / rows,
  };
}

export const disentAdapters: Readonly<Record<string, Adapter>> = {
  disentangle: scores,
  dciTrees: trees,
  dciFromImportance: (input) => {
    const dci = dciFromImportance(input.matrix("importance").map((row) => Float64Array.from(row)));
    return {
      ...{ D: dci.disentanglement, C: dci.completeness },
      ...{ D_per_code: dci.perCode, C_per_factor: dci.perFactor },
    };
  },
  factorVaeScore: (input) => {
    const groups = (input.matrix("groups") as unknown as number[][][]).map(columns);
    const score = factorVaeScore(
      { groups, factor: input.vector("fixed_factor") },
      {
        globalVariance: input.vector("global_var"),
        leastSd: input.number("prune_std"),
        trainGroups: input.number("n_train"),
      },
    );
    return {
      ...{ active: score.active, argmin_code: score.stillest, votes_train: score.votes },
      ...{ train_acc: score.trainAccuracy, eval_acc: score.accuracy },
    };
  },
  tcDecomposition: decomposition,
  activeUnits: (input) => {
    const mean = input.matrix("mu");
    const codes = {
      ...{ rows: mean.length, latents: mean[0]!.length, mean: Float64Array.from(mean.flat()) },
      logVar: new Float64Array(mean.flat().length),
    };
    const units = activeDimensions(codes, input.number("threshold"));
    return { var: units.variance, active: units.active };
  },
  gaussianMutualInfo: (input) => ({ mi: gaussianMutualInformation(input.number("rho")) }),
};
