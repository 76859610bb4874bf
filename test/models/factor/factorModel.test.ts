import { beforeAll, expect, test } from "vitest";
import { fromFlat, Matrix } from "../../../lib/core/linalg.js";
import { fold, key, normals } from "../../../lib/core/random.js";
import { mean, variance } from "../../../lib/core/stats.js";
import { principalAngles } from "../../../lib/core/subspaces.js";
import { type FactorModel, fitFactorModel } from "../../../lib/models/factor/factorModel.js";
import {
  factorAnalysis,
  linearFactorLogLikelihood,
  simulateLinearFactors,
} from "../../../lib/models/factor/linear/factorAnalysis.js";
import {
  averageLoadings,
  decoderGradients,
  sidedLoadings,
} from "../../../lib/models/factor/loadings/factorLoadings.js";
import { factorMonitor } from "../../../lib/models/factor/risk/factorMonitor.js";
import {
  decodeAll,
  encodeAll,
  factorScenarios,
  residuals,
} from "../../../lib/models/factor/risk/factorScenarios.js";
import {
  factorVariance,
  frozenFactorContributions,
  weightedReturns,
} from "../../../lib/models/factor/risk/factorVariance.js";
import { finiteJacobian } from "../../../lib/models/vae/decoderJacobian.js";
import { rowBounds } from "../../../lib/models/vae/importanceBound.js";
import { decodeLatents, encodeRows } from "../../../lib/models/vae/latents.js";
import { startBackend } from "../../../lib/nn/backend.js";
import { TWO_FACTORS } from "../support/twoFactors.js";

const root = key("factor model");
const truth = {
  ...TWO_FACTORS,
  centre: new Float64Array(6),
};
const { x } = simulateLinearFactors(truth, 2048, fold(root, "linear"));
/** Six assets of one factor, the first three falling more than they rise. */
const bent = (rows: number, name: string) => {
  const z = normals(fold(root, name, "z"), rows);
  const own = normals(fold(root, name, "own"), rows * 6);
  return own.map((e, i) => {
    const f = z[Math.floor(i / 6)]!;
    return (i % 6 < 3 && f < 0 ? 1.8 : i % 6 < 3 ? 0.6 : 1) * f + 0.3 * e;
  });
};
let linear: FactorModel;
let curved: FactorModel;
beforeAll(async () => {
  await startBackend();
  const keys = [fold(root, "seed")];
  linear = await fitFactorModel(x, 6, {
    factors: 2,
    hidden: [],
    keys,
    epochs: 400,
    batchSize: 512,
    learningRate: 0.02,
  });
  curved = await fitFactorModel(bent(2048, "train"), 6, {
    ...{ factors: 1, hidden: [16], keys, epochs: 150, batchSize: 128, learningRate: 0.005 },
  });
}, 300_000);

const bound = (m: FactorModel) =>
  m.fit.history.slice(-20).reduce((total, { elbo }) => total + elbo[0]! / 20, 0);

// VF-01, VF-08
test("the linear autoencoder ends at the likelihood, the span and the own variances of factor analysis", () => {
  const exact = factorAnalysis(x, 6, { factors: 2 });
  const [vae] = linear.replicas;
  const { mean: loadings } = averageLoadings(vae!, normals(root, 20));
  expect(Math.max(...principalAngles(loadings, exact.loadings).degrees)).toBeLessThan(2);
  expect(Math.abs(bound(linear) - exact.logLikelihood)).toBeLessThan(0.03);
  vae!.noiseVariance.forEach((v, a) => {
    expect(Math.abs(v - exact.ownVariance[a]!)).toBeLessThan(0.03);
  });
});

test("plain arithmetic encodes and decodes as the tensors do", () => {
  for (const { model, fit, replicas } of [linear, curved]) {
    const rows = x.subarray(0, 60);
    const codes = encodeRows(model, fit.weights, Float32Array.from(rows));
    const plain = encodeAll(replicas[0]!, rows);
    plain.mean.forEach((value, i) => {
      expect(value).toBeCloseTo(codes.mean[i]!, 4);
      expect(plain.logVar[i]!).toBeCloseTo(codes.logVar[i]!, 4);
    });
    const back = decodeLatents(model, fit.weights, Float32Array.from(plain.mean), [10, model.latents]);
    decodeAll(replicas[0]!, plain.mean).forEach((value, i) => {
      expect(value).toBeCloseTo(back[i]!, 4);
    });
  }
});

// VF-39
test("loadings by automatic differentiation, by the chain rule and by finite differences are the same", () => {
  const { model, fit, replicas } = curved;
  const z = normals(fold(root, "gradients"), 8);
  const automatic = decoderGradients(model, fit.weights, Float32Array.from(z));
  z.forEach((code, n) => {
    const plain = replicas[0]!.jacobian([code]);
    const finite = finiteJacobian((at) => replicas[0]!.decode(at), [code], 1e-5).to1DArray();
    plain.forEach((slope, a) => {
      expect(automatic[n * 6 + a]!).toBeCloseTo(slope, 4);
      expect(finite[a]!).toBeCloseTo(slope, 5);
    });
  });
});

test("the average Jacobian under the prior is the regression of the decoded on the factors (Stein)", () => {
  const [vae] = curved.replicas;
  const z = normals(fold(root, "stein"), 20_000);
  const { mean: loadings, lower, upper } = averageLoadings(vae!, z);
  const decoded = decodeAll(vae!, z);
  for (let a = 0; a < 6; a++) {
    const slope = mean(z.map((code, s) => code * decoded[s * 6 + a]!)) / variance(z);
    expect(Math.abs(slope - loadings.get(a, 0))).toBeLessThan(0.05);
    expect(lower.get(a, 0)).toBeLessThanOrEqual(upper.get(a, 0));
  }
});

// VF-14
test("up and down loadings of a planted asymmetry are found, by a regression and in the scenarios of the bent model", () => {
  const later = bent(4000, "test");
  const market = Float64Array.from({ length: 4000 }, (_, n) => mean(later.subarray(6 * n + 3, 6 * n + 6)));
  const plain = sidedLoadings(later, 6, market);
  const scenarios = decodeAll(curved.replicas[0]!, normals(fold(root, "sides"), 4000));
  const common = Float64Array.from({ length: 4000 }, (_, n) =>
    mean(scenarios.subarray(6 * n + 3, 6 * n + 6)),
  );
  const learnt = sidedLoadings(scenarios, 6, common);
  for (const { up, down } of [plain, learnt]) {
    expect(down[0]! / up[0]!).toBeGreaterThan(2.2); // planted: 3
    expect(down[0]! / up[0]!).toBeLessThan(3.8);
    expect(down[4]! / up[4]!).toBeGreaterThan(0.85); // planted: 1
    expect(down[4]! / up[4]!).toBeLessThan(1.15);
  }
});

// VF-12
test("on rows it has not seen the bent model's bound beats the exact likelihood of straight lines", async () => {
  const later = bent(2048, "test");
  const straight = factorAnalysis(bent(2048, "train"), 6, { factors: 1 });
  const again = await fitFactorModel(bent(2048, "train"), 6, {
    ...{
      factors: 1,
      hidden: [16],
      keys: [fold(root, "seed")],
      epochs: 150,
      batchSize: 128,
      learningRate: 0.005,
    },
    validation: later,
  });
  expect(again.fit.bestElbo[0]!).toBeGreaterThan(mean(linearFactorLogLikelihood(straight, later)) + 0.3);
});

const settings = { count: 20_000, key: fold(root, "scenarios") };
const covarianceOf = (rows: Float64Array) => {
  const m = fromFlat(rows, rows.length / 6, 6);
  return m.transpose().mmul(m).div(m.rows);
};

// VF-16, VF-22
test("prior scenarios with noise have the covariance of the data; without it they lack the own variances", () => {
  const [vae] = linear.replicas;
  const data = covarianceOf(x);
  const full = covarianceOf(factorScenarios(vae!, settings).returns);
  const bare = covarianceOf(factorScenarios(vae!, { ...settings, own: "none" }).returns);
  expect(Math.max(...Matrix.sub(full, data).to1DArray().map(Math.abs))).toBeLessThan(0.06);
  for (let a = 0; a < 6; a++) expect(full.get(a, a) - bare.get(a, a)).toBeCloseTo(vae!.noiseVariance[a]!, 1);
});

// VF-17, VF-24
test("a stress moves the factors by its mean and spread, and scenarios of rows are about those rows", () => {
  const [vae] = linear.replicas;
  const stress = factorScenarios(vae!, {
    ...settings,
    distribution: { kind: "normal", mean: [-3, 0], sd: [0.5, 2] },
  });
  const first = stress.factors.filter((_, i) => i % 2 === 0);
  expect(mean(first)).toBeCloseTo(-3, 1);
  expect(variance(first)).toBeCloseTo(0.25, 1);
  expect(variance(stress.factors.filter((_, i) => i % 2 === 1))).toBeGreaterThan(3.7);
  const latents = encodeAll(vae!, x.subarray(0, 6));
  const around = factorScenarios(vae!, { ...settings, distribution: { kind: "rows", latents } });
  expect(mean(around.factors.filter((_, i) => i % 2 === 0))).toBeCloseTo(latents.mean[0]!, 1);
});

test("own parts can be drawn from residuals, each asset by itself", () => {
  const [vae] = linear.replicas;
  const left = residuals(vae!, x);
  const { returns, systematic } = factorScenarios(vae!, { ...settings, own: left });
  const known = new Set(left.filter((_, i) => i % 6 === 2).map((v) => Math.round(1e9 * v)));
  for (let s = 0; s < 50; s++)
    expect(known.has(Math.round(1e9 * (returns[6 * s + 2]! - systematic[6 * s + 2]!)))).toBe(true);
});

// VF-25, VF-26, VF-27
test("shares of factors, of what bends and of the assets add to one, and a straight model has nothing that bends", () => {
  for (const { replicas } of [linear, curved]) {
    const [vae] = replicas;
    const weights = [0.3, 0.3, 0.2, -0.1, 0.2, 0.1];
    const scenarios = factorScenarios(vae!, settings);
    const shares = factorVariance(weights, scenarios, vae!.noiseVariance);
    const whole = shares.factorShares.reduce((a, b) => a + b, 0) + shares.residualShare + shares.ownShare;
    expect(whole).toBeCloseTo(1, 12);
    expect(shares.assetShares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    expect(
      Math.abs(variance(weightedReturns(weights, scenarios.returns)) / shares.variance - 1),
    ).toBeLessThan(0.05);
    if (replicas === linear.replicas) expect(Math.abs(shares.residualShare)).toBeLessThan(1e-9);
    else expect(shares.residualShare).toBeGreaterThan(0.005);
  }
});

// VF-28
test("freezing a factor takes away the share that a straight model gives it", () => {
  const [vae] = linear.replicas;
  const weights = [1, 0, 0, 0, 0, 0.5];
  const { factors } = factorScenarios(vae!, settings);
  const frozen = frozenFactorContributions(vae!, weights, factors);
  const { mean: b } = averageLoadings(vae!, factors.subarray(0, 2));
  const exposure = [0, 1].map((k) => b.get(0, k) + 0.5 * b.get(5, k));
  const square = exposure[0]! ** 2 + exposure[1]! ** 2;
  exposure.forEach((e, k) => {
    expect(frozen[k]!).toBeCloseTo(e ** 2 / square, 1);
  });
});

// VF-44
test("the monitor says of a bar what the model says, and scales the risk of the next with the market", () => {
  const [vae] = linear.replicas;
  const scenarios = factorScenarios(vae!, settings);
  const weights = [0.5, 0.5, 0, 0, 0, 0];
  const read = factorMonitor(vae!, { weights, unit: new Float64Array(6).fill(0.01), scenarios, tail: 0.05 });
  const [calm, wild] = [read(x.subarray(0, 6), 1), read(x.subarray(0, 6), 3)];
  expect(wild.valueAtRisk).toBeCloseTo(3 * calm.valueAtRisk, 12);
  expect(calm.factors).toEqual(vae!.encode(x.subarray(0, 6)).mean);
  const exposure = vae!.jacobian(calm.factors);
  expect(calm.exposure[1]!).toBeCloseTo(0.005 * (exposure[1]! + exposure[3]!), 12);
  const odd = read(
    x.slice(0, 6).map((v, a) => (a === 3 ? v + 5 : v)),
    1,
  );
  expect(odd.surprise).toBeGreaterThan(calm.surprise + 5);
});

test("the importance bound of a linear autoencoder is the exact likelihood, and the plain bound lies below it", () => {
  const rows = x.subarray(0, 600);
  const [vae] = linear.replicas;
  const exact = linearFactorLogLikelihood(
    {
      loadings: fromFlat(vae!.jacobian([0, 0]), 6, 2),
      ownVariance: vae!.noiseVariance,
      centre: vae!.decode([0, 0]),
    },
    rows,
  );
  const { elbo, importance } = rowBounds(vae!, rows, { draws: 200, key: root });
  expect(Math.abs(mean(importance) - mean(exact))).toBeLessThan(0.01);
  expect(mean(elbo)).toBeLessThan(mean(importance));
  expect(mean(exact) - mean(elbo)).toBeLessThan(0.05);
});
