import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { forecastRows, momentsOf } from "../../../lib/core/forecast.js";
import { fold } from "../../../lib/core/random.js";
import type { Bars, ForecastRow } from "../../../lib/core/types.js";
import { scaleWindows } from "../../../lib/features/windows/windowScaler.js";
import type { LiveForecaster } from "../../../lib/live/pipeline/forecaster.js";
import { barSteps, decideAll, targetPanel } from "../../../lib/live/pipeline/history.js";
import { livePipeline, type PipelineOptions } from "../../../lib/live/pipeline/pipeline.js";
import type { Decision } from "../../../lib/live/types.js";
import { drawForecasts } from "../../../lib/models/bnn/forecastDraws.js";
import { posteriorSamples } from "../../../lib/models/bnn/posteriorSamples.js";
import { marketForecast } from "../../../lib/models/marketVae/marketForecast.js";
import { encodeRows } from "../../../lib/models/vae/latents.js";
import { startBackend } from "../../../lib/nn/backend.js";
import { backtest } from "../../../lib/trading/backtest/backtest.js";
import { NO_COSTS } from "../../../lib/trading/backtest/costs.js";
import {
  allWindows,
  autoencoder,
  CLIP,
  codeForecaster,
  FEATURES,
  first,
  LENGTH,
  market,
  network,
  networkForecaster,
  networkWeights,
  pipelineOptions,
  root,
  rules,
  scaler,
  screened,
  symbols,
  vaeWeights,
} from "../support/pipelines.js";

const made: LiveForecaster[] = [];
const opened = (forecaster: LiveForecaster): LiveForecaster => {
  made.push(forecaster);
  return forecaster;
};
let [kept, fresh, codes] = [] as LiveForecaster[] as [LiveForecaster, LiveForecaster, LiveForecaster];

beforeAll(async () => {
  await startBackend("wasm"); // where a row's sums do not depend on the rows beside it
  [kept, fresh, codes] = [networkForecaster(), networkForecaster("fresh"), codeForecaster()].map(opened) as [
    LiveForecaster,
    LiveForecaster,
    LiveForecaster,
  ];
});

afterAll(() => {
  for (const forecaster of made) forecaster.dispose();
});

/** Decisions and what they rest on. */
function run(options: PipelineOptions, bars: readonly Bars[] = market) {
  const seen = new Map<number, readonly ForecastRow[]>();
  const decisions = decideAll(
    { ...options, onForecast: (forecast) => void seen.set(forecast.decidedAt[0]!, forecastRows(forecast)) },
    bars,
  );
  const rows = decisions.map(({ time }) =>
    options.symbols.map((_, a) => seen.get(time)?.find(({ asset }) => asset === a)),
  );
  return { decisions, rows };
}

const clipped = scaleWindows(scaler, allWindows).x.map((v) => Math.max(-CLIP, Math.min(CLIP, v)));
const rowAt = new Map(Array.from(first.openTime, (open, t) => [open + first.stepMs, t]));
/** Where the window n was decided. */
const placeOf = (n: number) => [rowAt.get(allWindows.decidedAt[n]!)!, allWindows.asset[n]!] as const;

describe("VI-93, VI-95, BN-71: bar by bar is what arrays and one pass give", () => {
  test("of the Bayesian network with kept draws", () => {
    const { rows } = run(pipelineOptions(kept));
    const key = fold(root, "posterior");
    const drawn = posteriorSamples(network, networkWeights, { draws: 20, key: fold(key, "posterior", 0) });
    const said = momentsOf(drawForecasts(drawn.network, drawn.weights, clipped, { draws: 1, key }).returns!);
    for (let n = 0; n < allWindows.y.length; n++) {
      const [t, a] = placeOf(n);
      const row = rows[t]![a]!;
      expect(row.mean).toBeCloseTo(1e-3 * said.mean[n]!, 9);
      expect(row.epistemic / (1e-6 * said.epistemic[n]!)).toBeCloseTo(1, 3);
      expect(row.aleatoric / (1e-6 * said.aleatoric[n]!)).toBeCloseTo(1, 5);
    }
  });

  test("VI-94: of the autoencoder, each window encoded and drawn as alone", () => {
    const { rows, decisions } = run(pipelineOptions(codes));
    for (const n of [0, 57, 300]) {
      const [t, a] = placeOf(n);
      const x = clipped.slice(n * LENGTH * FEATURES, (n + 1) * LENGTH * FEATURES);
      const own = fold(root, "pipeline", "decision", decisions[t]!.time, symbols[a]!);
      const options = { draws: 20, key: own };
      const alone = marketForecast(autoencoder, vaeWeights, encodeRows(autoencoder, vaeWeights, x), options);
      const row = rows[t]![a]!;
      expect(row.mean).toBeCloseTo(1e-3 * alone.mean[0]!, 9);
      expect(row.aleatoric / (1e-6 * alone.aleatoric[0]!)).toBeCloseTo(1, 5);
      expect(row.latent / (1e-6 * alone.latent[0]!)).toBeCloseTo(1, 3);
      expect(row.epistemic / (1e-6 * alone.epistemic[0]!)).toBeCloseTo(1, 3);
    }
  });

  test("every window that the arrays have is decided on, and no other", () => {
    const { rows } = run(pipelineOptions(kept));
    const decided = new Set(Array.from(allWindows.y, (_, n) => placeOf(n).join()));
    rows.forEach((own, t) => {
      if (t === rows.length - 1) return; // its target is not known to the arrays
      own.forEach((row, a) => {
        expect(row !== undefined).toBe(decided.has(`${t},${a}`));
      });
    });
    const { warmUp } = livePipeline(pipelineOptions(kept));
    expect(rows.findIndex((own) => own.every((row) => row !== undefined))).toBe(warmUp);
  });
});

/** What happened, but for the clock. */
const bare = ({ time, targets, signals, drawn }: Decision) => ({ time, targets, signals, drawn });

test("changing the bars after t moves nothing that was decided at t, and later decisions move", () => {
  const t = 200;
  const poke = (values: Float64Array) => values.map((value, i) => (i > t ? value * 1.02 : value));
  const poked = market.map((bars) => ({
    ...bars,
    ...{ open: poke(bars.open), high: poke(bars.high), low: poke(bars.low), close: poke(bars.close) },
    volume: bars.volume.map((value, i) => (i > t ? 3 * value : value)),
  }));
  for (const forecaster of [kept, fresh, codes]) {
    const options = pipelineOptions(forecaster, { rules: screened });
    const [before, after] = [decideAll(options, market), decideAll(options, poked)];
    expect(after.slice(0, t + 1).map(bare)).toEqual(before.slice(0, t + 1).map(bare));
    expect(after.slice(t + 1).map(bare)).not.toEqual(before.slice(t + 1).map(bare));
  }
});

test("BN-79: who is drawn decides the same bits as without screening, the others hold", () => {
  for (const forecaster of [kept, fresh, codes]) {
    // The heads of a new autoencoder say little.
    const target = { centre: 0, deviation: forecaster === codes ? 0.01 : 0.001 };
    const all = decideAll(pipelineOptions(forecaster, { target }), market);
    const two = decideAll(pipelineOptions(forecaster, { target, rules: screened }), market);
    let [drawn, held] = [0, 0];
    two.forEach((decision, t) => {
      decision.signals.forEach((signal, a) => {
        if (decision.drawn[a]) {
          drawn++;
          expect(signal).toEqual(all[t]!.signals[a]);
        } else if (signal) {
          held++;
          expect(signal.direction).toBe("HOLD");
          expect(decision.targets[a]).toBe(0);
        }
      });
    });
    expect(Math.min(drawn, held)).toBeGreaterThan(50);
  }
});

test("BN-77: a symbol's forecast is the same alone as in a batch", () => {
  for (const forecaster of [kept, fresh, codes]) {
    const three = decideAll(pipelineOptions(forecaster), market);
    const alone = decideAll(pipelineOptions(forecaster, { symbols: [symbols[1]!] }), [market[1]!]);
    expect(alone.map(({ signals }) => signals[0])).toEqual(three.map(({ signals }) => signals[1]));
  }
});

test("a run that starts again from history decides as if it had never stopped", () => {
  const steps = barSteps(market);
  for (const forecaster of [kept, fresh, codes]) {
    const options = pipelineOptions(forecaster, { rules: screened });
    const whole = decideAll(options, market);
    const again = livePipeline(options);
    for (const step of steps.slice(0, 150)) again.learn(step);
    const rest = steps.slice(150).map((step) => again.decide(step));
    expect(rest.map(bare)).toEqual(whole.slice(150).map(bare));
  }
});

test("posterior draws that are renewed depend on the time alone", () => {
  const everyMs = 24 * first.stepMs;
  const options = () => pipelineOptions(opened(networkForecaster({ everyMs })));
  const whole = decideAll(options(), market);
  const late = livePipeline(options());
  const steps = barSteps(market);
  for (const step of steps.slice(0, 200)) late.learn(step);
  expect(bare(late.decide(steps[200]!))).toEqual(bare(whole[200]!));
  const keptAlways = decideAll(pipelineOptions(kept), market);
  expect(whole[200]!.signals).not.toEqual(keptAlways[200]!.signals);
});

test("after a missing candle nothing is to change, then the symbol is flat until its window is whole again", () => {
  const missing = 150;
  const without = (bars: Bars): Bars => {
    const cut = (values: Float64Array) => values.filter((_, t) => t !== missing);
    const { symbol, stepMs, openTime, open, high, low, close, volume } = bars;
    return {
      ...{ symbol, stepMs, openTime: cut(openTime), open: cut(open), high: cut(high) },
      ...{ low: cut(low), close: cut(close), volume: cut(volume) },
    };
  };
  const nan = (values: Float64Array) => values.map((v, t) => (t === missing ? Number.NaN : v));
  const asNaN = {
    ...market[1]!,
    ...{ open: nan(market[1]!.open), high: nan(market[1]!.high), low: nan(market[1]!.low) },
    ...{ close: nan(market[1]!.close), volume: nan(market[1]!.volume) },
  };
  const options = pipelineOptions(kept);
  const { warmUp } = livePipeline(options);
  const decisions = decideAll(options, [market[0]!, without(market[1]!), market[2]!]);
  expect(decideAll(options, [market[0]!, asNaN, market[2]!]).map(bare)).toEqual(decisions.map(bare));
  expect(decisions[missing]!.targets[1]).toBeNaN();
  for (let t = missing + 1; t <= missing + warmUp; t++) {
    expect(decisions[t]!.signals[1]).toBeUndefined();
    expect(decisions[t]!.targets[1]).toBe(0);
  }
  expect(decisions[missing + warmUp + 1]!.signals[1]).toBeDefined();
  expect(decisions[missing]!.signals[0]).toBeDefined();
});

test("VI-97: the size falls with the model uncertainty, and varies where that does", () => {
  const { decisions, rows } = run(
    pipelineOptions(kept, { rules: { ...rules, position: { kind: "shrunk", weight: 1, meanSquare: 1e-7 } } }),
  );
  const pairs = decisions.flatMap(({ signals }, t) =>
    signals.flatMap((signal, a) =>
      signal && signal.direction !== "HOLD" ? [[rows[t]![a]!.epistemic, Math.abs(signal.size)]] : [],
    ),
  );
  pairs.sort(([a], [b]) => a! - b!);
  expect(pairs.length).toBeGreaterThan(50);
  for (let i = 1; i < pairs.length; i++) expect(pairs[i]![1]).toBeLessThanOrEqual(pairs[i - 1]![1]!);
  expect(pairs[0]![1]! / pairs.at(-1)![1]!).toBeGreaterThan(1.5);
});

test("the decisions are a panel that the backtest takes, and stand between decisions", () => {
  const rarely = decideAll(pipelineOptions(kept, { every: 5 }), market);
  const panel = targetPanel(rarely, symbols);
  const ledger = backtest(panel, market, { costs: NO_COSTS, rebalance: "when changed" });
  expect(ledger.turnover.filter((traded) => traded > 0).length).toBeGreaterThan(20);
  const always = decideAll(pipelineOptions(kept), market);
  rarely.forEach((decision, t) => {
    const due = (decision.time / first.stepMs) % 5 === 0;
    if (due) expect(bare(decision)).toEqual(bare(always[t]!));
    else expect(decision.targets.every(Number.isNaN)).toBe(true);
    const row = panel.values.subarray(t * 3, t * 3 + 3);
    if (!due && t > 0) expect(row).toEqual(panel.values.subarray(t * 3 - 3, t * 3));
  });
});

test("limits cut the targets and leave the signals", () => {
  const free = decideAll(pipelineOptions(kept), market);
  const limits = { maxWeight: 0.05, maxGross: 0.08 };
  const bound = decideAll(pipelineOptions(kept, { rules: { ...rules, ...limits } }), market);
  expect(bound.map(({ signals }) => signals)).toEqual(free.map(({ signals }) => signals));
  const gross = bound.map(({ targets }) => targets.reduce((sum, target) => sum + Math.abs(target), 0));
  expect(Math.max(...gross)).toBeCloseTo(0.08, 12);
  expect(Math.max(...bound.flatMap(({ targets }) => Array.from(targets, Math.abs)))).toBeLessThanOrEqual(
    0.05,
  );
});

test("VI-98: every stage has its own reading of the injected clock", () => {
  let ticks = 0;
  const now = () => ticks++;
  const decisions = decideAll(pipelineOptions(kept, { rules: screened, now }), market);
  expect(decisions[0]!.readings).toEqual({ collect: 1, features: 1, window: 1, size: 1 });
  expect(decisions.at(-1)!.readings).toEqual({
    ...{ collect: 1, features: 1, window: 2, screen: 1, draws: 1 },
    ...{ aggregate: 1, signal: 1, size: 1 },
  });
});

test("five hundred decisions leave no tensor behind", () => {
  for (const forecaster of [kept, fresh, codes]) {
    const options = pipelineOptions(forecaster, { rules: screened });
    decideAll(options, market);
    const before = tf.memory().numTensors;
    decideAll(options, market);
    decideAll(options, market);
    expect(tf.memory().numTensors).toBe(before);
  }
  const before = tf.memory().numTensors;
  for (const posterior of ["kept", "fresh"] as const) networkForecaster(posterior).dispose();
  codeForecaster().dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test("what cannot be is refused, with symbol and time", () => {
  const steps = barSteps(market);
  const pipeline = livePipeline(pipelineOptions(kept));
  pipeline.learn(steps[0]!);
  expect(() => pipeline.decide(steps[0]!)).toThrow("step: expected a time after");
  const stale = { ...steps[1]!, bars: [steps[1]!.bars[0], steps[0]!.bars[1], undefined] };
  expect(() => pipeline.decide(stale)).toThrow("ETHUSDT: expected the candle that closed at");
  expect(() => pipeline.decide({ ...steps[1]!, bars: [] })).toThrow("step: expected 3 values, got 0");
  expect(() => livePipeline(pipelineOptions(kept, { length: 4 }))).toThrow(
    "forecaster: expected rows of 4 · 11",
  );
  expect(() => decideAll(pipelineOptions(kept), market.slice(1))).toThrow("bars: expected BTCUSDT, ETHUSDT");
});
