import { expect, test } from "vitest";
import { fold, key, normals } from "../../../lib/core/random.js";
import { followPaths } from "../../../lib/portfolio/evaluate/manyPaths.js";
import { returnKernel, TOGETHER } from "../../../lib/portfolio/evaluate/returnKernel.js";

const root = key("return kernel");

test.each([
  [1, 1],
  [7, 3],
  [128, 20],
  [129, 5],
])("what portfolios earn over %d bars of %d assets is the plain sum, to the bit", (bars, assets) => {
  const returns = normals(fold(root, bars), bars * assets);
  const kernel = returnKernel(returns, assets, bars);
  kernel.side.set(normals(fold(root, "weights"), assets * TOGETHER));
  const { side } = kernel;
  const from = bars > 2 ? 2 : 0;
  kernel.multiply(from, bars - from);
  for (let t = from; t < bars; t++)
    for (let k = 0; k < TOGETHER; k++) {
      let sum = 0;
      for (let a = 0; a < assets; a++) sum += returns[t * assets + a]! * side[a * TOGETHER + k]!;
      expect(kernel.earned[(t - from) * TOGETHER + k]).toBe(sum);
    }
});

test("portfolios followed together are what each is alone, whatever the number of bars and portfolios", () => {
  for (const [count, bars] of [
    [1, 1],
    [9, 127],
    [3, 300],
  ] as const) {
    const returns = normals(fold(root, "path", bars), bars * 4).map((z) => 0.02 * z);
    const weights = normals(fold(root, "many", count), count * 4).map((z) => 0.25 + 0.1 * z);
    const all = followPaths({ weights, returns, assets: 4 });
    for (let n = 0; n < count; n++) {
      let [equity, peak, worst, squares] = [1, 1, 0, 0];
      for (let t = 0; t < bars; t++) {
        let r = 0;
        for (let a = 0; a < 4; a++) r += returns[4 * t + a]! * weights[4 * n + a]!;
        equity *= 1 + r;
        peak = Math.max(peak, equity);
        worst = Math.max(worst, 1 - equity / peak);
        squares += Math.min(r, 0) ** 2;
      }
      expect(all.equity[n]).toBeCloseTo(equity, 12);
      expect(all.maxDrawdown[n]).toBeCloseTo(worst, 12);
      expect(all.downside[n]).toBeCloseTo(Math.sqrt(squares / bars), 14);
    }
  }
});

test("a portfolio that loses all stays at nothing, over stretches too", () => {
  const returns = new Float64Array(200).fill(0.01);
  returns[50] = -1.5;
  const { equity, maxDrawdown } = followPaths({ weights: Float64Array.of(1), returns, assets: 1 });
  expect([equity[0], maxDrawdown[0]]).toEqual([0, 1]);
});
