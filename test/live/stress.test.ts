/** Rules in planted moves, on prices that stand still: what each must lose is known. */
import { expect, test } from "vitest";
import { type Forecast, mean } from "../../lib/core/index.js";
import { decideAll } from "../../lib/live/pipeline/history.js";
import { stressRules } from "../../lib/live/stress.js";
import { simulate as simulation, sliceBars } from "../../lib/market/index.js";
import { NO_COSTS } from "../../lib/trading/index.js";
import { market, networkForecaster, pipelineOptions } from "./support/pipelines.js";

const long = (row: { aleatoric: number }) =>
  ({
    direction: "LONG",
    probability: 0.5,
    confidence: 0.5,
    size: 1,
    aleatoric: row.aleatoric,
    latent: 0,
    epistemic: 0,
  }) as const;
const fixed = (weight: number) => ({
  ...{ signal: long, maxWeight: 1 },
  position: { kind: "fixed", weight } as const,
});
/** The market without a move inside a bar: what moves is the plant. */
const still = market.map((b) => ({
  ...b,
  ...{ open: b.open.map(() => 10), high: b.high.map(() => 10.001) },
  ...{ low: b.low.map(() => 9.999), close: b.close.map((_, t) => 10 + (t % 2 ? 1e-4 : -1e-4)) },
}));
const account = { costs: NO_COSTS, capital: 1, rebalance: "when changed" } as const;
const run = (shape: simulation.MoveShape, bars = still) =>
  stressRules(pipelineOptions(networkForecaster()), {
    ...{ bars, starts: [120, 150], shape, account },
    rules: { half: fixed(0.15), tenth: fixed(0.03), none: fixed(1e-9) },
  });

test("a long account loses its weight times the fall, and nothing where it holds nothing", () => {
  const { outcomes, price, since } = run(simulation.MOVE_SHAPES["fall at usual volatility"]);
  expect(price[since.indexOf(24)]).toBeCloseTo(Math.exp(-0.25), 3);
  const fall = 3 * 0.15 * (1 - Math.exp(-0.25));
  for (const loss of outcomes.half!.deepest) expect(loss).toBeCloseTo(fall, 2);
  for (const loss of outcomes.tenth!.deepest) expect(loss).toBeCloseTo(fall / 5, 2);
  for (const loss of outcomes.none!.deepest) expect(loss).toBeLessThan(1e-6);
  expect(outcomes.half!.exposure[since.indexOf(-1)]).toBeCloseTo(0.45, 2);
});

test("a melt-up gains what the fall loses", () => {
  const { outcomes } = run(simulation.MOVE_SHAPES["melt-up"]);
  for (const profit of outcomes.half!.profit) expect(profit).toBeGreaterThan(0.1);
  for (const loss of outcomes.half!.deepest) expect(loss).toBeLessThan(0.01);
});

test("uncertainty is that of the latest forecast: that of the quiet bars at the last close before the move", () => {
  const start = 150;
  const own = { starts: [start, start + 40], shape: simulation.MOVE_SHAPES["slow fall"], account };
  const options = pipelineOptions(networkForecaster(), { every: 4 });
  const { since, epistemic, aleatoric } = stressRules(options, {
    ...{ ...own, bars: market, rules: { half: fixed(0.15) } },
  });
  const quiet = own.starts.map((at) => {
    const forecasts: Forecast[] = [];
    const bars = market.map((b) => sliceBars(b, at - 110, at)); // the last close is that of hour 0
    decideAll({ ...options, onForecast: (one) => forecasts.push(one) }, bars);
    return forecasts.at(-1)!;
  });
  const expected = (part: "epistemic" | "aleatoric") =>
    mean(quiet.map((forecast) => mean(forecast[part].map(Math.sqrt))));
  const zero = since.indexOf(0);
  expect(epistemic[zero]).toBeCloseTo(expected("epistemic"), 12);
  expect(aleatoric[zero]).toBeCloseTo(expected("aleatoric"), 12);
  expect(new Set(epistemic).size).toBeLessThanOrEqual(Math.ceil(since.length / 4) * own.starts.length + 1);
  expect(epistemic[since.indexOf(8)]).not.toBe(epistemic[zero]);
});

test("a start too near an end is refused", () => {
  const options = { bars: still, shape: simulation.MOVE_SHAPES.V, account, rules: { half: fixed(0.5) } };
  expect(() => stressRules(pipelineOptions(networkForecaster()), { ...options, starts: [100, 150] })).toThrow(
    /start: expected a bar from 110 to 211, got 100/,
  );
});
