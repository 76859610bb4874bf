/** Order flow in the regression of the next hour: what the simulation planted is what least squares finds. */
import { expect, test } from "vitest";
import { key } from "../../lib/core/random.js";
import { returnRegression } from "../../lib/features/regression.js";
import { openMarket } from "../../lib/market/open.js";
import { bayesianLinearRegression } from "../../lib/models/inference/exact/conjugate.js";

// VI-61, VI-62
test("the weight of the trade imbalance is the planted one, within four standard errors, and that of the book nothing beside it", async () => {
  const market = await openMarket({ folder: "simulated", bars: 30_000, key: key(5) });
  const { names, shape, x, y } = returnRegression(market, { flow: true });
  const noiseVar = y.reduce((total, value) => total + value * value, 0) / y.length;
  const { mean, covariance } = bayesianLinearRegression({ x, y, columns: shape[1] }, noiseVar, 1e6);
  const weightOf = (name: string) => {
    const f = names.indexOf(name);
    return { value: mean[f]!, error: Math.sqrt(covariance.get(f, f)) };
  };
  const { coefficient, deviation } = market.truth!.flow;
  const tape = weightOf("tradeImbalance");
  expect(Math.abs(tape.value - coefficient / deviation)).toBeLessThan(4 * tape.error);
  expect(tape.value).toBeGreaterThan(4 * tape.error);
  const book = weightOf("bookImbalance");
  expect(Math.abs(book.value)).toBeLessThan(4 * book.error);
});

test("without flow in the bars it says which command records some", async () => {
  const market = await openMarket({ folder: "simulated", bars: 400 });
  const bars = market.bars.map(({ flow: _, ...own }) => own);
  expect(() => returnRegression({ ...market, bars }, { flow: true })).toThrow(
    /needs bars with flow .* npx vitrade record --symbols BTCUSDT --folder flow/,
  );
});
