import { expect, test } from "vitest";
import { key } from "../../../lib/core/random.js";
import { correlation, mean } from "../../../lib/core/stats.js";
import { weekFacts } from "../../../lib/features/facts/weekFacts.js";
import {
  correlationRange,
  rollingPairCorrelation,
} from "../../../lib/features/indicators/rollingCorrelation.js";
import { logReturns } from "../../../lib/features/returns.js";
import { simulate } from "../../../lib/market/simulate/simulate.js";

const HOUR = 3_600_000;
const { bars } = simulate({ symbols: ["BTCUSDT", "ETHUSDT", "SOLUSDT"], bars: 400, key: key("rolling") });

test("the rolling correlation is the mean over pairs of the correlation of the slices", () => {
  const rolled = rollingPairCorrelation(bars, 50);
  const returns = bars.map(logReturns);
  expect(rolled.findIndex(Number.isFinite)).toBe(50);
  for (const t of [50, 51, 173, 399]) {
    const slices = returns.map((r) => r.subarray(t - 49, t + 1));
    const pairs = slices.flatMap((x, i) => slices.slice(0, i).map((y) => correlation(x, y)));
    expect(rolled[t]).toBeCloseTo(mean(pairs), 10);
  }
});

test("changing tomorrow leaves today's correlation as it was", () => {
  const poked = bars.map((b, a) => ({
    ...b,
    close: b.close.map((c, t) => (t > 200 ? c * (1 + 0.1 * a) : c)),
  }));
  const [was, is] = [bars, poked].map((all) => rollingPairCorrelation(all, 50));
  expect(is!.slice(0, 201)).toEqual(was!.slice(0, 201));
  expect(is![201]).not.toBe(was![201]);
});

test("a hole makes the window start again", () => {
  const holed = bars.map((b, a) => ({
    ...b,
    close: b.close.map((c, t) => (a === 1 && t === 200 ? Number.NaN : c)),
  }));
  const rolled = rollingPairCorrelation(holed, 50);
  expect(Array.from(rolled.subarray(200, 251)).every(Number.isNaN)).toBe(true);
  expect(rolled[251]).toBeCloseTo(rollingPairCorrelation(bars, 50)[251]!, 10);
});

test("the range is in order, and a window longer than the history is refused", () => {
  const { low5, median, high95 } = correlationRange(bars, 50);
  expect(low5).toBeLessThan(median);
  expect(median).toBeLessThan(high95);
  expect(() => correlationRange(bars, 400)).toThrow(
    "bars with a correlation: expected an integer of at least 1",
  );
});

test("a week whose volume is the number of its weekday is told as such, Monday first", () => {
  const [btc] = bars;
  const openTime = Float64Array.from({ length: 337 }, (_, t) => Date.UTC(2023, 11, 31, 23) + t * HOUR); // two weeks
  const volume = openTime.map((time) => ((new Date(time).getUTCDay() + 6) % 7) + 1);
  const close = openTime.map((_, t) => (t % 2 ? 1 : Math.E));
  const week = weekFacts({ ...btc!, openTime, volume, close });
  week.volume.forEach((v, d) => {
    expect(v).toBeCloseTo((d + 1) / 4, 12);
    expect(week.size[d]).toBeCloseTo(1, 12);
  });
  const hourly = openTime.map((time) =>
    new Date(time).getUTCHours() === 14 ? 6 : new Date(time).getUTCHours() === 4 ? 1 : 2,
  );
  const day = weekFacts({ ...btc!, openTime, volume: hourly, close });
  expect([day.peakHour, day.troughHour]).toEqual([14, 4]);
  expect(day.volumePeakOverTrough).toBeCloseTo(6, 12);
  expect(day.sizePeakOverTrough).toBeCloseTo(1, 12);
});
