import { fromRows } from "../../lib/core/linalg.js";
import { fold, key } from "../../lib/core/random.js";
import { dirichletLogDensity, dirichletMoments, klDirichlet } from "../../lib/portfolio/sample/dirichlet.js";
import {
  klGaussian,
  klNormal,
  klToStandardNormal,
  normalSummary,
} from "../../lib/prob/distributions/gaussian.js";
import {
  klMixtures,
  klNormalToMixture,
  klNormalToMixtureMonteCarlo,
  klNormalToStudentT,
  scaleMixture,
} from "../../lib/prob/distributions/mixture.js";
import {
  hierarchicalLogJoint,
  hierarchicalLogMarginal,
  localReparameterisation,
  softplus,
} from "../../lib/prob/distributions/priors.js";
import { type Adapter, type Inputs, Within } from "./vectors.js";

const draws = 200_000;

function scaleMixtureKl(input: Inputs): Record<string, unknown> {
  const q = { mean: input.number("mu"), sd: input.number("sigma") };
  const prior = scaleMixture(input.number("pi"), input.number("sigma1"), input.number("sigma2"));
  const exact = klNormalToMixture(q.mean, q.sd, prior);
  const estimate = klNormalToMixtureMonteCarlo(q, prior, {
    draws,
    key: fold(key("vectors"), "scale mixture"),
  });
  const spread = estimate.standardError * Math.sqrt(draws);
  if (!(Math.abs(estimate.value - exact) <= (5 * spread) / Math.sqrt(draws))) {
    throw new Error(`the draws give ${estimate.value}, the integral ${exact}`);
  }
  return { kl: new Within(exact, 1e-7), mc_sd_per_sample: new Within(spread, 0.03 * spread) };
}

export const klAdapters: Readonly<Record<string, Adapter>> = {
  normalSummary: (input) => {
    const summary = normalSummary(input.number("mu"), input.number("sigma"));
    return { p_pos: summary.probabilityPositive, ci68: summary.interval68, ci95: summary.interval95 };
  },
  klNormal: (input) => {
    const [m1, s1, m2, s2] = ["mu1", "sigma1", "mu2", "sigma2"].map((name) => input.number(name)) as [
      number,
      number,
      number,
      number,
    ];
    return { forward: klNormal(m1, s1, m2, s2), reverse: klNormal(m2, s2, m1, s1) };
  },
  klDiagToStandard: (input) => {
    const perDimension = klToStandardNormal(input.vector("mu"), input.vector("logvar"));
    return { per_dim: perDimension, total: perDimension.reduce((a, b) => a + b, 0) };
  },
  klGaussian: (input) => ({
    kl: klGaussian(
      input.vector("mu1"),
      fromRows(input.matrix("cov1")),
      input.vector("mu2"),
      fromRows(input.matrix("cov2")),
    ),
  }),
  klNormalToScaleMixture: scaleMixtureKl,
  klMixtures1d: (input) => {
    const side = (i: number) => ({
      weight: input.vector(`w${i}`),
      mean: input.vector(`mu${i}`),
      sd: input.vector(`sigma${i}`),
    });
    return { kl: klMixtures(side(1), side(2)) };
  },
  klNormalToStudentT: (input) => ({
    kl: klNormalToStudentT(
      input.number("mu"),
      input.number("sigma"),
      input.number("nu"),
      input.number("scale"),
    ),
  }),
  dirichlet: (input) => {
    const moments = dirichletMoments(input.vector("alpha"));
    return {
      mean: moments.mean,
      cov: moments.covariance.to2DArray(),
      var: moments.variance,
      logpdf_x: dirichletLogDensity(input.vector("x"), input.vector("alpha")),
      entropy: moments.entropy,
      kl_alpha_beta: klDirichlet(input.vector("alpha"), input.vector("beta")),
      e_log: moments.meanLog,
      e_hhi: moments.meanHerfindahl,
      mode: moments.mode,
    };
  },
  logPriorHierarchical: (input) => {
    const prior = { shape: input.number("alpha"), rate: input.number("beta") };
    return {
      log_joint: hierarchicalLogJoint(input.vector("w"), input.number("sigma2"), prior),
      log_marginal_w: hierarchicalLogMarginal(input.vector("w"), prior),
    };
  },
  localReparamMoments: (input) => {
    const rho = input.matrix("weight_rho");
    const { mean, variance } = localReparameterisation(input.matrix("x"), input.matrix("weight_mu"), rho);
    return { mean, var: variance, sigma: rho.map((row) => row.map(softplus)) };
  },
  softplus: (input) => ({ y: input.vector("x").map(softplus) }),
};
