/**
 * `node scripts/source-network.mjs [--epochs 200] [--minutes M] [--checkpoint FILE] [--update]`: trains the network of chapter 4's source on
 * the simulated market and compares what comes with data/source-network.json, or writes that file.
 *
 * Two hundred epochs take about a quarter of an hour on one free core. With a checkpoint it may be stopped at any moment and run again;
 * after M minutes it ends by itself, with the record of the epochs that there are.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { inRoot } from "./setup/paths.mjs";

process.env.VITRADE_BACKEND ??= "wasm"; // the backend that every machine has

const { values: options } = parseArgs({
  options: {
    epochs: { type: "string", default: "200" },
    minutes: { type: "string", default: "Infinity" },
    checkpoint: { type: "string" },
    update: { type: "boolean", default: false },
  },
});
const epochs = Number(options.epochs);
const DRAWS = 100; // as the source chapter has it
const THRESHOLD = 0.6;

const { core, features, market, models, nn, prob } = await import("vitrade");
const { rounded, differences } = await import("./real/compare.mjs");
const { bayesian } = models;
const backend = await nn.startBackend();
const root = core.key(2026);
const bars = await market.open({ folder: "simulated", atLeast: 2, minBars: 4000 });
const data = features.dataset(bars, { length: 2, horizon: 1, features: features.returnInput });
const cost = 12e-4; // a round trip at Bybit's taker fee
const classes = (part) => Array.from(part.returns, (r) => bayesian.directionOf(r, cost));
const started = performance.now();
const seconds = () => Math.round((performance.now() - started) / 1000);

let last;
const enough = new AbortController();
const { network, fit } = await bayesian.trainSourceNetwork(data, {
  ...{ cost, key: core.fold(root, "source"), epochs, checkpointEvery: 1 },
  ...(options.checkpoint ? { checkpoint: options.checkpoint } : {}),
  signal: enough.signal,
  onEpoch({ epoch }, weights) {
    last = weights();
    if (seconds() > 60 * Number(options.minutes)) enough.abort();
    if ((epoch + 1) % 10 === 0) console.log(`source-network: ${seconds()} s, epoch ${epoch + 1}`);
  },
});
if (!last) throw new Error("expected an epoch to train: the checkpoint holds them all; name one of fewer");

const [centre, deviation] = [data.targetScaler.mean[0], data.targetScaler.deviation[0]];
const fractions = [0, 1, 2].map((c) => core.percentWhere(classes(data.train), (own) => own === c) / 100);
const constant = models.constantForecast(data.train, data.test);
const outcome = classes(data.test);

/** Cross-entropy of the direction: mean of −log p of the class that came. */
const crossEntropy = (p) => core.mean(outcome.map((c, n) => -Math.log(p(n, c))));

function stateOf(name, epoch, weights) {
  const key = core.fold(root, "ask");
  const { direction, returns } = bayesian.drawForecasts(network, weights, data.test.x, { draws: DRAWS, key });
  const { asset, decidedAt } = data.test;
  const places = { asset, decidedAt, names: data.symbols };
  const units = Array.from(decidedAt, () => ({ centre, deviation }));
  const forecast = core.forecastOf(core.unscaleDraws(returns, units), places);
  const { probability } = prob.classUncertainty(direction);
  const p = (n, c) => probability[3 * n + c];
  const chosen = outcome.map((_, n) => [0, 1, 2].reduce((best, c) => (p(n, c) > p(n, best) ? c : best), 0));
  const surest = outcome.map((_, n) => Math.max(p(n, 0), p(n, 2)));
  const [, scores] = models.scoreForecasts({ constant, [name]: forecast }, data.test);
  const typical = (variance) => 1e4 * Math.sqrt(core.median(variance));
  return {
    ...{ name, epoch, directionNll: crossEntropy(p), returnNll: scores.nll },
    ...{ difference: scores.difference, error: scores.error },
    accuracy: core.percentWhere(chosen, (c, n) => c === outcome[n]),
    surest: Math.max(...surest),
    signals: surest.filter((own) => own > THRESHOLD).length,
    ...{ epistemic: typical(forecast.epistemic), aleatoric: typical(forecast.aleatoric) },
  };
}

const scaled = ({ rows, y }) => Float64Array.from({ length: rows }, (_, n) => y[(n * y.length) / rows]);
const entropyOn = (part) => core.mean(classes(part).map((c) => -Math.log(fractions[c])));
const squares = core.mean(scaled(data.validation).map((v) => v * v)); // the scaler makes the training part's 1
const inputs = data.columns.length * data.length;
const [best, done] = [fit.bestEpoch[0] + 1, fit.history.length];
const ending = stateOf("last epoch", done, last);
const results = rounded({
  data: {
    ...{ symbols: data.symbols, inputs, cost, parameters: nn.layers.layoutsOf(network).parameters.total },
    ...{ training: data.train.rows, validation: data.validation.rows, test: data.test.rows },
  },
  nothing: {
    validation: -entropyOn(data.validation) - 0.5 * (Math.log(2 * Math.PI) + squares),
    directionNll: entropyOn(data.test),
    returnNll: core.mean(models.rowNll(constant, data.test.returns)),
  },
  history: fit.history.map(({ epoch, beta, nll, kl, validation }) => ({
    ...{ epoch: epoch + 1, beta: beta[0], misfit: nll[0], kl: kl[0], bound: validation[0] },
  })),
  states: best < done ? [stateOf("best bound", best, fit.weights), ending] : [ending],
  layers: bayesian.weightPosteriors(network, last).map(({ name, mean, sd, signalToNoise }) => ({
    ...{ layer: name, weights: mean.length, medianSd: core.median(sd) },
    sure: core.percentWhere(Array.from(signalToNoise), (ratio) => ratio > 1),
  })),
  versions: core.versions(backend),
});

const file = inRoot("data/source-network.json");
if (options.update) {
  writeFileSync(file, `${JSON.stringify(results, null, 1)}\n`);
  console.log(`source-network: ${seconds()} s, wrote ${results.history.length} epochs`);
} else {
  const expected = JSON.parse(readFileSync(file, "utf8"));
  const whole = expected.history.length === results.history.length;
  const came = whole ? results : { history: results.history };
  const wanted = whole ? expected : { history: expected.history.slice(0, epochs) };
  const found = differences(wanted, came, 1e-4);
  for (const { path, expected: old, came: own } of found.slice(0, 20))
    console.log(`${path}: ${old} → ${own}`);
  console.log(`source-network: ${found.length} values differ`);
  process.exitCode = Number(found.length > 0);
}
