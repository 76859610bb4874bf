import { expect, test } from "vitest";
import { key } from "../../../lib/core/random.js";
import { mean, variance } from "../../../lib/core/stats.js";
import { plantedRegimes } from "../../../lib/models/regimes/plantedRegimes.js";

const options = { rows: 4000, hours: 10, lasting: 20, drift: [-1, 2], volatility: [0.5, 3], key: key(5) };

test("each regime has its own mean and standard deviation, and lasts as long as was asked", () => {
  const { x, regime } = plantedRegimes(options);
  for (const own of [0, 1]) {
    const returns = x.filter((_, i) => i % 2 === 0 && regime[Math.floor(i / 20)] === own);
    const [drift, sd] = [options.drift[own]!, options.volatility[own]!];
    expect(Math.abs(mean(returns) - drift)).toBeLessThan((4 * sd) / Math.sqrt(returns.length));
    expect(Math.abs(Math.sqrt(variance(returns)) / sd - 1)).toBeLessThan(4 / Math.sqrt(2 * returns.length));
  }
  regime.forEach((own, n) => {
    expect(own).toBe(regime[n - (n % 20)]);
  });
  expect(x[1]).toBeCloseTo(Math.log(Math.abs(x[0]!) + 0.1), 5);
});

test("rows that are no multiple of a stretch, and regimes of different number, are refused", () => {
  expect(() => plantedRegimes({ ...options, rows: 4001 })).toThrow(/rows/);
  expect(() => plantedRegimes({ ...options, drift: [0] })).toThrow(/volatility/);
});
