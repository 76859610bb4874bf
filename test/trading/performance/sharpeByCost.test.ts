/** What costs leave of a known forecast. */
import { expect, test } from "vitest";
import { key } from "../../../lib/core/random.js";
import { panelRows } from "../../../lib/features/index.js";
import { forecastParts } from "../../../lib/market/simulate/forecastParts.js";
import { simulate } from "../../../lib/market/simulate/simulate.js";
import { costAwareWeights } from "../../../lib/trading/decisions/costAware.js";
import { sharpeByCost } from "../../../lib/trading/performance/sharpeByCost.js";
import { signHitRate } from "../../../lib/trading/performance/signHitRate.js";
import { sharpeByTrueMeans } from "../../../lib/trading/performance/trueMeans.js";

const market = simulate({ symbols: ["BTCUSDT", "ETHUSDT"], bars: 2000, key: key("costs") });
const source = { ...market, stepMs: market.bars[0]!.stepMs };
const parts = forecastParts(source);

test("each cost is the score of two rules made by hand on the first bars, over the others", () => {
  const { free, aware } = sharpeByCost(source, parts, { costs: [0, 5], train: 1400 });
  const made = (costBps: number) =>
    panelRows(costAwareWeights(source.bars, parts, { costBps, train: 1400 }), 1400, -1);
  const rows = sharpeByTrueMeans({ free: made(0), aware: made(5) }, source, 5);
  expect([free[1], aware[1]]).toEqual(rows);
});

test("where trading is free both rules are one, and costs take more from the one that knows nothing of them", () => {
  const { free, aware } = sharpeByCost(source, parts, { costs: [0, 8], train: 1400 });
  expect(free[0]!.byTrueMeans).toBe(aware[0]!.byTrueMeans);
  expect(free[0]!.byTrueMeans - free[1]!.byTrueMeans).toBeGreaterThan(
    aware[0]!.byTrueMeans - aware[1]!.byTrueMeans,
  );
});

const bars = (close: number[]) => ({ ...source.bars[0]!, close: Float64Array.from(close) });

test("a sign is right where the price went that way, counted over assets and from a bar on", () => {
  const two = [bars([1, 2, 1, 2]), bars([1, 1, 2, 3])];
  const forecast = [9, 9, 1, 0, 1, 1, 1, -1]; // [T,A]
  expect(signHitRate(two, forecast, 1)).toBeCloseTo(4 / 6, 12); // wrong: bar 2 of the first, bar 3 of the second
  expect(signHitRate(two, forecast, 3)).toBeCloseTo(1 / 2, 12);
  expect(() => signHitRate(two, [1], 1)).toThrow(/forecast/);
  expect(() => signHitRate(two, forecast, 0)).toThrow(/from 1 to 3, got 0/);
});
