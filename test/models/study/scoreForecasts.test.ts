/** Scores of forecasts, the example of one layer, rules side by side, and differences as bars. */
import { expect, test } from "vitest";
import { core, market, models, plot, trading } from "../../../lib/index.js";

const HOUR = 3_600_000;
const part = (returns: number[]) => ({
  returns: Float64Array.from(returns),
  asset: Uint16Array.from(returns, () => 0),
  decidedAt: Float64Array.from(returns, (_, n) => (n + 1) * 24 * HOUR),
});

test("the constant has the normal NLL of the training moments, and differs from itself by nothing", () => {
  const train = part([-1, 1, -1, 1]);
  const constant = models.constantForecast(train, part([0, 0, 0]));
  const [row] = models.scoreForecasts({ constant }, part([0, 0, 0]));
  expect(row!.nll).toBeCloseTo(0.5 * Math.log(2 * Math.PI * (4 / 3)), 12);
  expect([row!.difference, row!.error]).toEqual([0, 0]);
});

test("a forecast with the right mean has a lower NLL by half the squared error, and an error over days", () => {
  const test = part([1, 1, 1, 3]);
  const of = (mean: number[]) =>
    core.normalForecast(
      {
        mean: Float64Array.from(mean),
        aleatoric: Float64Array.of(1, 1, 1, 1),
        latent: new Float64Array(4),
        epistemic: new Float64Array(4),
      },
      test,
    );
  const rows = models.scoreForecasts({ zero: of([0, 0, 0, 0]), right: of([1, 1, 1, 3]) }, test);
  expect(rows[1]!.difference).toBeCloseTo(-(1 + 1 + 1 + 9) / 8, 12);
  expect(rows[1]!.error).toBeCloseTo(core.standardDeviation([0.5, 0.5, 0.5, 4.5]) / 2, 12);
});

test("the example's best independent deviations are below the exact ones for correlated inputs", () => {
  const { sd, independentSd, x, rows } = models.bayesian.lineExample(core.key(1));
  expect(x.length).toBe(3 * rows);
  for (const i of [0, 1]) expect(independentSd[i]!).toBeLessThan(0.9 * sd[i]!);
});

test("rules side by side are the backtests of each alone", async () => {
  const { bars, symbols } = await market.open({ folder: "simulated", symbols: ["BTCUSDT"], bars: 200 });
  const time = bars[0]!.openTime.slice(50, 150).map((open) => open + HOUR);
  const panel = (weight: number) => ({ time, names: symbols, values: time.map(() => weight) });
  const options = { costs: trading.BYBIT_COSTS };
  const { rows, ledgers } = trading.ruleTable({ long: panel(0.5), short: panel(-0.5) }, bars, options);
  expect(ledgers.short!.equity).toEqual(trading.backtest(panel(-0.5), bars, options).equity);
  expect(rows[0]!.totalReturn).toBeCloseTo(100 * trading.summarise(ledgers.long!).totalReturn, 12);
});

test("the interval of a difference reaches 1.645 standard errors to each side", () => {
  const figure = plot.differences({ title: "t", xTitle: "x", rows: [{ name: "a", value: 2, error: 1 }] });
  const { error_x: bar } = figure.data[0] as unknown as {
    error_x: { array: number[]; arrayminus: number[] };
  };
  expect(bar.array[0]).toBeCloseTo(1.645, 12);
  expect(bar.arrayminus[0]).toBeCloseTo(1.645, 12);
});
