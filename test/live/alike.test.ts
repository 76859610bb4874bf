/** What was backtested is what trades: the same forecasts by rows and bar by bar give the same weights, to the bit. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { decisionKey, type TargetScale, unscaleDraws } from "../../lib/core/forecast.js";
import { fold, type Key, key, normals } from "../../lib/core/random.js";
import type { Bars, Forecast } from "../../lib/core/types.js";
import { scaleWindows } from "../../lib/features/windows/windowScaler.js";
import { type LiveForecaster, type ReturnDraws, vaeForecaster } from "../../lib/live/pipeline/forecaster.js";
import { barSteps, decideAll, targetPanel } from "../../lib/live/pipeline/history.js";
import { livePipeline } from "../../lib/live/pipeline/pipeline.js";
import { forecastOfDraws } from "../../lib/live/pipeline/stages.js";
import type { Decision } from "../../lib/live/types.js";
import { drawForecasts } from "../../lib/models/bnn/forecastDraws.js";
import { openMarketForecaster } from "../../lib/models/marketVae/marketForecaster.js";
import { marketVae } from "../../lib/models/marketVae/marketVae.js";
import { startBackend } from "../../lib/nn/backend.js";
import { initialWeights } from "../../lib/nn/layers/model.js";
import { backtest } from "../../lib/trading/backtest/backtest.js";
import { decide, size, weightPanel } from "../../lib/trading/decisions/decide.js";
import { heldPanel } from "../../lib/trading/decisions/decisions.js";
import type { PositionRule, SignalRule, SizingRules } from "../../lib/trading/decisions/rules.js";
import {
  allWindows,
  CLIP,
  FEATURES,
  LENGTH,
  market,
  network,
  networkForecaster,
  networkWeights,
  pipelineOptions,
  root,
  scaler,
  symbols,
} from "./support/pipelines.js";

const HOUR = 3_600_000;
const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });

const threshold = { threshold: number(0.5, 0.9), sdThreshold: number(0.001, 0.05) };
const signals: fc.Arbitrary<SignalRule> = fc.oneof(
  fc.record({ kind: fc.constant("sign" as const) }),
  fc.record({
    ...{ kind: fc.constant("edge" as const), costBps: number(0, 20) },
    ...{ minEdgeMultiple: number(0, 2), epistemicPenalty: number(0, 2) },
  }),
  fc.record({
    kind: fc.constant("threshold" as const),
    of: fc.constantFrom("return", "means"),
    ...threshold,
  }),
  fc.record({
    ...{ kind: fc.constant("class threshold" as const), threshold: number(0.5, 0.7) },
    scaled: fc.boolean(),
  }),
);
const positions: fc.Arbitrary<PositionRule> = fc.oneof(
  fc.record({ kind: fc.constant("fixed" as const), weight: number(0.01, 2) }),
  fc.record({
    ...{ kind: fc.constant("kelly" as const), fraction: number(0.01, 1) },
    epistemicPenalty: number(0, 2),
  }),
  fc.record({
    ...{ kind: fc.constant("volatility target" as const), annualTarget: number(0.1, 2) },
    barsPerYear: fc.constant(8760),
  }),
  fc.record({
    ...{ kind: fc.constant("shrunk" as const), weight: number(0.1, 2) },
    meanSquare: number(1e-7, 1e-4),
  }),
);
const rules: fc.Arbitrary<SizingRules> = fc.record(
  {
    ...{ signal: signals, position: positions, maxWeight: number(0.05, 1.5) },
    ...{ maxGross: number(0.1, 2), screenAbove: number(0, 0.002) },
  },
  { requiredKeys: ["signal", "position", "maxWeight"] },
);

interface Case {
  readonly rules: SizingRules;
  readonly seed: number;
  readonly assets: number;
  readonly sets: number;
  readonly each: number;
  readonly latent: boolean;
  readonly every: number;
  /** Candles a window: where one is missing there is no forecast, and the symbol is flat until its window is whole. */
  readonly length: number;
  /** [T][A] whether a candle is there. */
  readonly present: readonly (readonly boolean[])[];
}
const ASSETS = 3;
const cases: fc.Arbitrary<Case> = fc.record({
  ...{ rules, seed: fc.integer(), assets: fc.integer({ min: 1, max: ASSETS }) },
  ...{ sets: fc.integer({ min: 1, max: 3 }), each: fc.integer({ min: 1, max: 4 }), latent: fc.boolean() },
  ...{ every: fc.integer({ min: 1, max: 3 }), length: fc.integer({ min: 1, max: 2 }) },
  present: fc.array(
    fc.array(
      fc.integer({ min: 0, max: 9 }).map((v) => v > 0),
      { minLength: ASSETS, maxLength: ASSETS },
    ),
    {
      ...{ minLength: 3, maxLength: 6 },
    },
  ),
});

const UNIT: TargetScale = { centre: 2e-4, deviation: 2e-3 };

/** Draws of rows by their keys, as a model's: each row's depend on its own key alone. */
function drawsOf(rowKeys: readonly Key[], { sets, each, latent }: Case): ReturnDraws {
  const [draws, rows] = [sets * each, rowKeys.length];
  const [mean, variance] = [new Float64Array(draws * rows), new Float64Array(draws * rows)];
  const probability = new Float64Array(3 * draws * rows);
  rowKeys.forEach((own, n) => {
    const z = normals(own, 5 * draws);
    for (let s = 0; s < draws; s++) {
      const i = s * rows + n;
      mean[i] = z[5 * s]! + 0.5 * z[0]!;
      variance[i] = Math.exp(z[5 * s + 1]!);
      const weights = [2, 3, 4].map((c) => Math.exp(2 * z[5 * s + c]!));
      const total = weights[0]! + weights[1]! + weights[2]!;
      weights.forEach((w, c) => {
        probability[3 * i + c] = w / total;
      });
    }
  });
  const sharing = latent ? { parameterSets: sets } : {};
  return {
    ...{ draws, rows, returns: { draws, mean, variance, ...sharing } },
    direction: { draws, classes: 3, probability },
  };
}

/** The last close of a window is the prediction at the mean. */
function forecasterOf(own: Case): LiveForecaster {
  return {
    inputs: own.length,
    look: (x) => ({
      atMean: () => atMean(x.filter((_, i) => i % own.length === own.length - 1)),
      draw: ({ rowKeys }) => drawsOf(rowKeys, own),
    }),
    dispose: () => undefined,
  };
}

function atMean(x: Float32Array): ReturnDraws {
  const returns = { draws: 1, mean: Float64Array.from(x), variance: new Float64Array(x.length).fill(1) };
  return { draws: 1, rows: x.length, returns };
}

/** Closes around zero stand for the model's mean; a candle that is missing is NaN. */
function barsOf({ seed, assets, present }: Case): Bars[] {
  return Array.from({ length: assets }, (_, a): Bars => {
    const close = normals(fold(key(seed), "close", a), present.length).map((z, t) =>
      present[t]![a] ? z : Number.NaN,
    );
    return {
      ...{ symbol: `S${a}`, stepMs: HOUR, openTime: close.map((_, t) => t * HOUR) },
      ...{ open: close, high: close, low: close, close, volume: close },
    };
  });
}

function liveDecisions(own: Case, bars: readonly Bars[]): Decision[] {
  const pipeline = livePipeline({
    ...{ symbols: bars.map(({ symbol }) => symbol), stepMs: HOUR, length: own.length, every: own.every },
    input: () => ({ names: ["close"], warmUp: 0, push: ({ close }) => Float64Array.of(close) }),
    scaler: { mean: Float64Array.of(0), standardDeviation: Float64Array.of(1) },
    ...{ target: UNIT, forecaster: forecasterOf(own), rules: own.rules, key: key(own.seed), now: () => 0 },
  });
  return barSteps(bars).map((step) => pipeline.decide(step));
}

/** The forecast of all rows at once, last first. */
function forecastOfRows(own: Case, bars: readonly Bars[]): Forecast | undefined {
  const rows = bars
    .flatMap(({ close }, a) => Array.from(close, (value, t) => ({ a, t, value })))
    .filter(({ a, t }) => bars[a]!.close.subarray(t + 1 - own.length, t + 1).every(Number.isFinite))
    .filter(({ t }) => t + 1 >= own.length && (t + 1) % own.every === 0)
    .reverse();
  if (rows.length === 0) return undefined;
  const rowKeys = rows.map(({ a, t }) => decisionKey(key(own.seed), (t + 1) * HOUR, bars[a]!.symbol));
  const units = rows.map(() => UNIT);
  const still = atMean(Float32Array.from(rows, ({ value }) => value)).returns;
  return forecastOfDraws(drawsOf(rowKeys, own), {
    ...{ asset: rows.map(({ a }) => a), decidedAt: rows.map(({ t }) => (t + 1) * HOUR), units },
    atMean: Float64Array.from(unscaleDraws(still, units).mean),
  });
}

/** A forecast as a file keeps it: numbers in JSON, no draws. */
function stored({ draws: _, classes: __, ...forecast }: Forecast): Forecast {
  const plain = JSON.parse(
    JSON.stringify(forecast, (_, value) =>
      ArrayBuffer.isView(value) ? [...(value as Float64Array)] : value,
    ),
  );
  const columns = Object.entries(plain).map(([name, values]) => [
    name,
    name === "asset" ? Uint16Array.from(values as number[]) : Float64Array.from(values as number[]),
  ]);
  return Object.fromEntries(columns) as unknown as Forecast;
}

const needsDraws = ({ signal }: SizingRules) =>
  signal !== undefined &&
  typeof signal !== "function" &&
  (signal.kind === "class threshold" || (signal.kind === "threshold" && signal.of === "means"));

test("backtest and live decide alike: equal sides and weights, to the bit, by rules of every kind", () => {
  const seen = { LONG: 0, SHORT: 0, HOLD: 0 };
  fc.assert(
    fc.property(cases, (own) => {
      const bars = barsOf(own);
      const names = bars.map(({ symbol }) => symbol);
      const live = liveDecisions(own, bars);
      const due = live.filter(({ time }) => (time / HOUR) % own.every === 0);
      const forecast = forecastOfRows(own, bars);
      if (!forecast) return;
      const times = due.map(({ time }) => time);
      const traded = (a: number, time: number) => own.present[time / HOUR - 1]![a]!;
      const panel = size(forecast, own.rules, { names, times, traded });
      due.forEach(({ targets }, t) => {
        expect(panel.values.subarray(t * names.length, (t + 1) * names.length)).toEqual(targets);
      });
      const decided = decide(forecast, own.rules);
      decided.signals.forEach(({ direction }, n) => {
        const decision = due.find(({ time }) => time === decided.decidedAt[n])!;
        expect(decision.signals[decided.asset[n]!]!.direction).toBe(direction);
        seen[direction]++;
      });
      const all = targetPanel(live, names);
      expect(heldPanel(panel, bars).values.slice(-all.values.length)).toEqual(all.values);
      if (needsDraws(own.rules)) return;
      expect(weightPanel(decide(stored(forecast), own.rules), { names, times, traded })).toEqual(panel);
    }),
    { numRuns: 1000, seed: 7 },
  );
  expect(Math.min(seen.LONG, seen.SHORT, seen.HOLD)).toBeGreaterThan(800); // no case is empty of trades
});

test("latent variance weighs in a backtest as it does live: penalised, it takes trades away on both sides alike", () => {
  const counted = [0, 1].map((epistemicPenalty) => {
    const own: Case = {
      rules: {
        signal: { kind: "edge", costBps: 1, minEdgeMultiple: 1, epistemicPenalty },
        position: { kind: "kelly", fraction: 0.1, epistemicPenalty },
        maxWeight: 0.5,
      },
      ...{ seed: 3, assets: 3, sets: 1, each: 4, latent: true, every: 1, length: 1 },
      present: Array.from({ length: 60 }, () => [true, true, true]),
    };
    const bars = barsOf(own);
    const live = liveDecisions(own, bars).flatMap(({ targets }) => Array.from(targets));
    const panel = size(forecastOfRows(own, bars)!, own.rules, { names: bars.map(({ symbol }) => symbol) });
    expect(Array.from(panel.values)).toEqual(live);
    return live.filter((weight) => weight !== 0).length;
  });
  expect(counted[0]! - counted[1]!).toBeGreaterThan(40);
});

/** Tiny models, trained on nothing: what they say is arbitrary, and the same by rows and bar by bar. */
const clipped = scaleWindows(scaler, allWindows).x.map((v) => Math.max(-CLIP, Math.min(CLIP, v)));
const made: LiveForecaster[] = [];

beforeAll(async () => {
  await startBackend("wasm"); // where a row's sums do not depend on the rows beside it
});
afterAll(() => {
  for (const forecaster of made) forecaster.dispose();
});

const edge: SizingRules = {
  signal: { kind: "edge", costBps: 2, minEdgeMultiple: 1, epistemicPenalty: 0.5 },
  position: { kind: "kelly", fraction: 0.002, epistemicPenalty: 0.5 },
  ...{ maxWeight: 0.4, maxGross: 0.7 },
};
const [KEY, TARGET] = [fold(root, "alike"), { centre: 1e-4, deviation: 0.02 }];

/** Live decisions of a forecaster over the market, beside those of a forecast of all windows in one batch. */
function compare(forecaster: LiveForecaster, draws: (rowKeys: readonly Key[]) => ReturnDraws): number {
  made.push(forecaster);
  const options = pipelineOptions(forecaster, { key: KEY, target: TARGET, rules: edge });
  const decisions = decideAll(options, market);
  const { asset, decidedAt } = allWindows;
  const rowKeys = Array.from(decidedAt, (time, n) => decisionKey(KEY, time, symbols[asset[n]!]!));
  const units = rowKeys.map(() => TARGET);
  const forecast = forecastOfDraws(draws(rowKeys), { asset, decidedAt, units });
  const last = decisions.length - 1; // whose outcome is not known, so that there is no window of it
  const times = decisions.slice(0, last).map(({ time }) => time);
  const panel = size(forecast, edge, { names: symbols, times });
  expect(panel).toEqual(targetPanel(decisions.slice(0, last), symbols));
  const costs = { makerBps: 2, takerBps: 5.5, halfSpreadBps: 0.5, latencyBars: 0 };
  const ledgers = [heldPanel(panel, market), targetPanel(decisions, symbols)].map((weights) =>
    backtest(weights, market, { costs, rebalance: "when changed" }),
  );
  expect(ledgers[0]!.equity.slice(0, last)).toEqual(ledgers[1]!.equity.slice(0, last));
  return panel.values.filter((weight) => weight !== 0).length;
}

test("tiny autoencoders: the forecasts of all windows in one batch size as the live pipeline does, bar by bar", () => {
  for (const replicas of [1, 3]) {
    const model = marketVae({
      ...{ inputShape: [LENGTH, FEATURES], latents: 2, encoder: { kind: "mlp", hidden: [6 + replicas] } },
      noise: "learned",
    });
    const keys = Array.from({ length: replicas }, (_, r) => fold(root, "alike", r));
    const weights = initialWeights(model, keys);
    const batch = openMarketForecaster(model, weights);
    const traded = compare(vaeForecaster(model, weights, { draws: 5, rows: symbols.length }), (rowKeys) =>
      batch.draw(batch.encode(clipped), { draws: 5, rowKeys }),
    );
    batch.dispose();
    expect(traded).toBeGreaterThan(50);
  }
});

test("a tiny Bayesian network with fresh draws, likewise", () => {
  const traded = compare(networkForecaster("fresh"), (rowKeys) => {
    const said = drawForecasts(network, networkWeights, clipped, { draws: 20, key: KEY, rowKeys });
    return { ...said, returns: said.returns! };
  });
  expect(traded).toBeGreaterThan(50);
});
