/**
 * The live pipeline from a closed candle to targets for ten symbols: each stage's p50 and p99 beside the budgets of the texts, kept
 * draws against fresh ones, 50 against 200, and memory over five thousand decisions. BV-61
 */
import { beforeAll, bench, describe } from "vitest";
import { forecastRows, modelUncertainty } from "../../lib/core/forecast.js";
import { fold, key } from "../../lib/core/random.js";
import { mean, quantile } from "../../lib/core/stats.js";
import type { ForecastRow } from "../../lib/core/types.js";
import { bnnForecaster, type LiveForecaster, vaeForecaster } from "../../lib/live/pipeline/forecaster.js";
import { livePipeline, type PipelineOptions } from "../../lib/live/pipeline/pipeline.js";
import type { Readings, Stage } from "../../lib/live/types.js";
import { bnn, widthScaledPrior } from "../../lib/models/bnn/bnn.js";
import { marketConfig, marketVaeOf } from "../../lib/models/marketVae/marketConfig.js";
import { startBackend } from "../../lib/nn/backend.js";
import { initialWeights } from "../../lib/nn/layers/model.js";
import type { SizingRules } from "../../lib/trading/decisions/rules.js";
import { growth, type Reading, reading } from "../support/memory.js";
import { FEATURES, inputOf, scaler, stepMs, steps, symbols } from "./market.js";

const root = key("pipeline benchmark");
const [WARM, DECISIONS, LONG, DRAWS] = [200, 400, 5000, 100];
const rows = symbols.length;

/** The network of the texts on the features of one bar. */
const network = bnn({
  ...{ inputs: FEATURES, hidden: [256, 128, 64], activation: "leakyRelu", dropout: [], heads: ["return"] },
  ...{ noise: "each", dataSize: 10_000, prior: widthScaledPrior, sampling: "local" },
});
/** The autoencoder of the texts on sixty bars. */
const autoencoder = marketVaeOf(marketConfig({ model: { inputDim: FEATURES } }));

beforeAll(async () => {
  console.log(`backend: ${await startBackend()}`);
});

const ofNetwork = (posterior: "kept" | "fresh", draws = DRAWS, name = "posterior"): LiveForecaster =>
  bnnForecaster(network, initialWeights(network, [root]), { draws, posterior, rows, key: fold(root, name) });
const ofCodes = (): LiveForecaster =>
  vaeForecaster(autoencoder, initialWeights(autoencoder, [root]), { draws: DRAWS, rows });

const rules: SizingRules = {
  signal: { kind: "edge", costBps: 2, minEdgeMultiple: 1, epistemicPenalty: 1 },
  position: { kind: "kelly", fraction: 0.01, epistemicPenalty: 0 },
  ...{ maxWeight: 0.3, maxGross: 1 },
};

/** A decision for all symbols with a predicted return of about a thousandth, and two basis points of costs. */
function optionsOf(forecaster: LiveForecaster, changes: Partial<PipelineOptions> = {}): PipelineOptions {
  return {
    ...{ symbols, stepMs, scaler, clip: 5, forecaster, input: inputOf },
    length: forecaster.inputs / FEATURES,
    target: { centre: 0, deviation: 1e-3 },
    rules,
    ...{ key: root, now: () => performance.now() },
    ...changes,
  };
}

interface Run {
  readonly readings: readonly Readings[];
  /** Milliseconds of each decision, by the clock and of the processor: the second is what an idle machine would take. */
  readonly totals: readonly number[];
  readonly processor: readonly number[];
  /** Of the drawn symbols. */
  readonly seen: readonly ForecastRow[];
  readonly drawn: number;
}

function run(options: PipelineOptions): Run {
  const seen: ForecastRow[] = [];
  const pipeline = livePipeline({
    ...options,
    onForecast: (forecast) => void seen.push(...forecastRows(forecast)),
  });
  for (const step of steps.slice(0, WARM)) pipeline.learn(step);
  const made = steps.slice(WARM, WARM + DECISIONS).map((step) => {
    const [from, used] = [performance.now(), process.cpuUsage()];
    const { readings } = pipeline.decide(step);
    const { user, system } = process.cpuUsage(used);
    return { readings, total: performance.now() - from, processor: (user + system) / 1000 };
  });
  return {
    readings: made.map(({ readings }) => readings),
    totals: made.map(({ total }) => total),
    processor: made.map(({ processor }) => processor),
    seen,
    drawn: seen.length / DECISIONS,
  };
}

/** The stages of the texts, by ours, with what they allow. */
type Budget = readonly (readonly [name: string, stages: readonly Stage[], milliseconds: string])[];
const BNN_BUDGET: Budget = [
  ["collection", ["collect"], "10"],
  ["features", ["features", "window"], "5"],
  ["100 passes", ["screen", "draws"], "50-100"],
  ["uncertainty", ["aggregate"], "5"],
  ["signal", ["signal", "size"], "2"],
];
const VAE_BUDGET: Budget = [
  ["collection", ["collect"], "10"],
  ["features", ["features", "window"], "5"],
  ["forward", ["screen"], "2"],
  ["sampling", ["draws"], "10"],
  ["signal", ["aggregate", "signal", "size"], "1"],
];

const spread = (times: readonly number[]) =>
  [0.5, 0.99].map((p) => quantile(times, p).toFixed(2).padStart(7)).join(" ");

function print(title: string, budget: Budget, { readings, totals, processor, drawn }: Run): void {
  const lines = budget.map(([name, stages, allowed]) => {
    const times = readings.map((r) => stages.reduce((sum, stage) => sum + (r[stage] ?? 0), 0));
    return `  ${name.padEnd(12)} ${spread(times)}   budget ${allowed}`;
  });
  const head = `${title}: ${drawn.toFixed(1)} of ${rows} symbols drawn a decision; p50 and p99, ms`;
  const last = [
    `  ${"in all".padEnd(12)} ${spread(totals)}   floor 5 and 20`,
    `  ${"processor".padEnd(12)} ${spread(processor)}   where it has nothing else to do`,
  ];
  console.log([head, ...lines, ...last].join("\n"));
}

function once(title: string, work: () => void): void {
  // What is no promise is called once more, to find out.
  bench(title, async () => work(), {
    iterations: 1,
    time: 0,
    warmupIterations: 0,
    warmupTime: 0,
    throws: true,
  });
}

/** All symbols drawn, then the three tenths whose mean is largest. */
function both(title: string, budget: Budget, open: () => LiveForecaster): void {
  const forecaster = open();
  run(optionsOf(forecaster)); // compiles what is left to compile
  const all = run(optionsOf(forecaster));
  print(`${title}, all drawn`, budget, all);
  const screenAbove = quantile(
    all.seen.map((row) => Math.abs(row.mean)),
    0.7,
  );
  print(`${title}, screened`, budget, run(optionsOf(forecaster, { rules: { ...rules, screenAbove } })));
  forecaster.dispose();
}

/** Deviation between the means of two sets of draws, in units of the model uncertainty. */
function disagreement(draws: number): number {
  const means = ["one", "other"].map((name) => {
    const forecaster = ofNetwork("kept", draws, name);
    const { seen } = run(optionsOf(forecaster));
    forecaster.dispose();
    return seen;
  });
  const [one, other] = means as [readonly ForecastRow[], readonly ForecastRow[]];
  return Math.sqrt(mean(one.map((o, n) => (o.mean - other[n]!.mean) ** 2 / (2 * modelUncertainty(o)))));
}

function remembers(title: string, open: () => LiveForecaster): void {
  const forecaster = open();
  const pipeline = livePipeline(optionsOf(forecaster));
  const readings: Reading[] = [];
  for (let i = 0; i < LONG + WARM; i++) {
    if (i < WARM) pipeline.learn(steps[i]!);
    else pipeline.decide(steps[i]!);
    if (i >= 1000 && i % 250 === 0) readings.push(reading(i));
  }
  pipeline.dispose();
  const [first, last] = [readings[0]!, readings.at(-1)!];
  console.log(
    `${title}: ${growth(readings).toFixed(0)} kB more per 1,000 decisions, resident ${first.residentMib.toFixed(1)} MiB at ${first.step}, ` +
      `${last.residentMib.toFixed(1)} at ${last.step}; tensors ${first.tensors} and ${last.tensors}`,
  );
}

describe("live pipeline", () => {
  once("stages of the Bayesian network, kept draws", () =>
    both("BNN, kept", BNN_BUDGET, () => ofNetwork("kept")),
  );
  once("stages of the Bayesian network, fresh draws", () =>
    both("BNN, fresh", BNN_BUDGET, () => ofNetwork("fresh")),
  );
  once("stages of the market autoencoder", () => both("VAE", VAE_BUDGET, ofCodes));
  once("50, 100 and 200 kept draws", () => {
    for (const draws of [50, DRAWS, 200]) {
      const forecaster = ofNetwork("kept", draws);
      const { totals, processor } = run(optionsOf(forecaster));
      forecaster.dispose();
      console.log(
        `${draws} draws, all drawn: ${spread(totals)} ms, processor ${spread(processor)}; error of the mean ${disagreement(draws).toFixed(3)} of the model uncertainty`,
      );
    }
  });
  once("memory, Bayesian network", () => remembers("BNN, kept", () => ofNetwork("kept")));
  once("memory, market autoencoder", () => remembers("VAE", ofCodes));
});
