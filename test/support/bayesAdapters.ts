import { cholesky, fromRows, Matrix, solveCholesky } from "../../lib/core/linalg.js";
import { principalComponents, probabilisticPca, waterFilling } from "../../lib/models/factor/linear/pca.js";
import {
  bayesianLinearRegression,
  meanFieldOptimum,
  normalInverseGammaRegression,
  predictLinear,
  predictStudent,
} from "../../lib/models/inference/exact/conjugate.js";
import { quadraturePosterior } from "../../lib/models/inference/exact/exactPosterior.js";
import { laplaceLogistic, variationalLogistic } from "../../lib/models/inference/exact/logistic.js";
import {
  type Design,
  logisticRegressionTarget,
  sigmoid,
} from "../../lib/models/inference/exact/regression.js";
import { caviGaussian, normalGammaEvidence } from "../../lib/models/inference/variational/cavi.js";
import { khatOfMeanField } from "../../lib/prob/diagnostics/psis.js";
import { minibatchElbo } from "../../lib/prob/divergences/elbo.js";
import type { Adapter, Inputs } from "./vectors.js";

function designOf(input: Inputs): Design {
  const rows = input.matrix("X");
  return {
    x: Float64Array.from(rows.flat()),
    columns: rows[0]!.length,
    y: input.has("y") ? input.vector("y") : new Float64Array(rows.length),
  };
}

function linearRegression(input: Inputs): Record<string, unknown> {
  const posterior = bayesianLinearRegression(
    designOf(input),
    input.number("noise_var"),
    input.number("prior_var"),
  );
  const optimum = meanFieldOptimum(posterior.precision);
  const prediction = predictLinear(posterior, Float64Array.from(input.matrix("Xtest").flat()));
  return {
    post_mean: posterior.mean,
    post_cov: posterior.covariance.to2DArray(),
    log_evidence: posterior.logEvidence,
    pred_mean: prediction.mean,
    pred_var: prediction.epistemic.map((v) => v + prediction.aleatoric),
    epistemic_var: prediction.epistemic,
    aleatoric_var: prediction.aleatoric,
    mf_mean: posterior.mean,
    mf_var: optimum.variance,
    mf_elbo: posterior.logEvidence - optimum.kl,
    mf_gap: optimum.kl,
    mf_var_ratio: optimum.varianceRatio,
    psis_khat_asymptotic: khatOfMeanField(posterior.precision),
  };
}

function logisticRegression(input: Inputs): Record<string, unknown> {
  const design = designOf(input);
  const priorVar = input.number("prior_var");
  const fresh = input.vector("xtest");
  const laplace = laplaceLogistic(design, priorVar);
  const points = design.columns <= 3 ? 60 : 30;
  const exact = quadraturePosterior(logisticRegressionTarget(design, priorVar), laplace, points);
  const [factored, full] = (["meanField", "fullRank"] as const).map((f) =>
    variationalLogistic(design, priorVar, f),
  ) as [typeof laplace, typeof laplace];
  return {
    log_evidence: exact.logEvidence,
    post_mean: exact.mean,
    post_cov: exact.covariance.to2DArray(),
    pred_prob: exact.expect((w) => sigmoid(w.reduce((total, value, i) => total + value * fresh[i]!, 0))),
    map: laplace.mean,
    laplace_cov: laplace.covariance.to2DArray(),
    laplace_log_evidence: laplace.objective,
    mf_mean: factored.mean,
    mf_sd: factored.covariance.diagonal().map(Math.sqrt),
    mf_elbo: factored.objective,
    fr_mean: full.mean,
    fr_cov: full.covariance.to2DArray(),
    fr_elbo: full.objective,
  };
}

/** Axes are known up to sign: each takes the sign of the reference's largest entry. */
function alignedAxes(axes: Matrix, latents: number, reference: readonly number[][]): number[][] {
  const sign = Array.from({ length: latents }, (_, k) => {
    const product = reference.reduce((total, row, d) => total + row[k]! * axes.get(d, k), 0);
    return product < 0 ? -1 : 1;
  });
  return reference.map((row, d) => row.map((_, k) => sign[k]! * axes.get(d, k)));
}

function linearVae(input: Inputs, reference: (name: string) => unknown): Record<string, unknown> {
  const design = designOf(input);
  const latents = input.number("latent_dim");
  const components = principalComponents(design.x, design.columns);
  const optimum = probabilisticPca(components.eigenvalues, latents);
  const betas = (reference("beta_table") as { beta: number }[]).map(({ beta }) => beta);
  return {
    eigenvalues: components.eigenvalues,
    principal_axes: alignedAxes(components.axes, latents, reference("principal_axes") as number[][]),
    ml_noise_var: optimum.noiseVar,
    ml_avg_loglik: optimum.logLikelihood,
    optimal_avg_elbo: optimum.logLikelihood,
    post_var_per_dim: optimum.posteriorVar,
    beta_table: betas.map((beta) => {
      const water = waterFilling(components.eigenvalues, latents, input.number("fixed_noise_var"), beta);
      return {
        beta,
        active_units: water.activeUnits,
        kl_per_dim: Array.from(water.klPerLatent),
        rate: water.rate,
        distortion_sum_sq: water.distortion,
        loss_recon_plus_beta_kl: water.loss,
      };
    }),
  };
}

export const bayesAdapters: Readonly<Record<string, Adapter>> = {
  bayesLinReg: linearRegression,
  bayesLogisticReg: logisticRegression,
  linearVaeOptimum: (input, reference) => linearVae(input, reference),
  normalInverseGammaReg: (input) => {
    const prior = { scaleVar: input.number("V0_diag"), shape: input.number("a0"), rate: input.number("b0") };
    const posterior = normalInverseGammaRegression(designOf(input), prior);
    const prediction = predictStudent(posterior, input.vector("xtest"));
    return {
      mean: posterior.mean,
      V: posterior.scale.to2DArray(),
      a: posterior.shape,
      b: posterior.rate,
      log_evidence: posterior.logEvidence,
      pred_df: prediction.degreesOfFreedom,
      pred_loc: prediction.location,
      pred_scale: prediction.scale,
      pred_q05: prediction.quantile(0.05),
      pred_q95: prediction.quantile(0.95),
    };
  },
  caviUnivariateGaussian: (input) => {
    const prior = {
      mean: input.number("mu0"),
      strength: input.number("lambda0"),
      shape: input.number("a0"),
      rate: input.number("b0"),
    };
    const fit = caviGaussian(input.vector("x"), prior);
    return {
      mu_N: fit.mean,
      lambda_N: fit.precision,
      a_N: fit.shape,
      b_N: fit.rate,
      elbo: fit.elbo,
      log_evidence: normalGammaEvidence(input.vector("x"), prior),
    };
  },
  meanFieldGaussian: (input) => {
    const covariance = fromRows(input.matrix("cov"));
    const precision = solveCholesky(cholesky(covariance, "cov"), Matrix.eye(covariance.rows));
    const optimum = meanFieldOptimum(precision);
    return {
      mf_var: optimum.variance,
      kl: optimum.kl,
      forward_kl_var: optimum.forwardVariance,
      psis_khat_asymptotic: khatOfMeanField(precision),
    };
  },
  sviElboEstimates: (input) => {
    const all = input.vector("per_point_loglik");
    const kl = input.number("kl");
    const estimate = (rows: readonly number[]) =>
      minibatchElbo({ logLikelihood: rows.map((n) => all[n]!), kl, dataSize: all.length });
    return { full: estimate(Array.from(all.keys())), per_batch: input.matrix("batches").map(estimate) };
  },
};
