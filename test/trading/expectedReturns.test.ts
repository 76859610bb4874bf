/** Results without the luck of the prices, dull rules, and the record of signals. */
import { expect, test } from "vitest";
import { core, market, trading } from "../../lib/index.js";
import { simulatedMarket } from "../support/simulatedMarket.js";

const of = simulatedMarket({ symbols: ["BTCUSDT", "ETHUSDT"], bars: 2000 });
const { truth } = of;
const closes = of.bars[0]!.openTime.map((open) => open + of.stepMs);
const decided = (weight: number): core.Panel => ({
  time: closes.slice(100, 1800),
  names: of.symbols,
  values: new Float64Array(1700 * 2).fill(weight),
});

test("a held weight is expected to earn weight · (mean + ½ volatility²) a bar, less its costs", () => {
  const ledger = trading.backtest(decided(0.3), of, { costs: trading.NO_COSTS });
  const expected = trading.expectedReturns(ledger, of);
  const t = 500;
  const row = closes.indexOf(ledger.time[t]!);
  let gain = 0;
  for (let a = 0; a < 2; a++)
    gain +=
      ledger.weights.values[2 * t + a]! *
      (truth!.mean[2 * row + a]! + truth!.volatility[2 * row + a]! ** 2 / 2);
  expect(expected[t]).toBeCloseTo(gain, 15);
  const dear = trading.backtest(decided(0.3), of, { costs: trading.BYBIT_COSTS });
  expect(core.sum(expected) - core.sum(trading.expectedReturns(dear, of))).toBeGreaterThan(0);
});

test("realised less expected returns are noise: their mean is within three standard errors of zero", () => {
  const ledger = trading.backtest(decided(0.3), of, { costs: trading.NO_COSTS });
  const realised = trading.ledgerReturns(ledger);
  const luck = trading.expectedReturns(ledger, of).map((value, t) => realised[t]! - value);
  const error = core.standardDeviation(luck) / Math.sqrt(luck.length);
  expect(Math.abs(core.mean(luck))).toBeLessThan(3 * error);
});

test("without a truth there is no expectation", () => {
  const ledger = trading.backtest(decided(0.3), of, { costs: trading.NO_COSTS });
  expect(() => trading.expectedReturns(ledger, { bars: of.bars })).toThrow(
    "truth: expected a simulated market",
  );
});

test("the oracle is on the side of the next true mean; the trailing rule on that of the last day; none knows later bars", () => {
  const rules = { weight: 0.2, trailing: 24 };
  const own = trading.baselines(decided(1), of, rules);
  const row = closes.indexOf(own.hold.time[7]!);
  const mean = truth!.mean[2 * (row + 1) + 1]!;
  expect(own.oracle!.values[15]).toBe(0.2 * Math.sign(mean));
  const rose = of.bars[1]!.close[row]! > of.bars[1]!.close[row - 24]!;
  expect(own.trailing.values[15]).toBe(rose ? 0.2 : -0.2);
  const cut = { bars: of.bars.map((bars) => market.sliceBars(bars, 0, 1800)) };
  expect(trading.baselines(decided(1), cut, rules).trailing.values).toEqual(own.trailing.values);
  expect(trading.baselines(decided(1), cut, rules).oracle).toBeUndefined();
});

test("a record counts sides, claims and hits; assets of one time count once in the error", () => {
  const signal = (direction: trading.Direction, probability: number) => ({
    ...{ direction, probability, confidence: 1, aleatoric: 1, latent: 0, epistemic: 0, size: 1 },
  });
  const signals = [signal("LONG", 0.8), signal("SHORT", 0.3), signal("HOLD", 0.5), signal("LONG", 0.6)];
  const record = trading.signalRecord({ signals, decidedAt: Float64Array.of(1, 1, 2, 2) }, [1, 1, 1, 1]);
  expect(record).toMatchObject({ long: 0.5, short: 0.25, hold: 0.25 });
  expect(record.claimed).toBeCloseTo((0.8 + 0.7 + 0.6) / 3, 12);
  expect(record.right).toBeCloseTo(2 / 3, 12);
  expect(record.error).toBeCloseTo(Math.sqrt((1 / 3) ** 2 + (1 / 3) ** 2) / 3, 12);
});

test("a table of rules adds up: before costs less costs is the money made; a rule differs from itself by nothing", () => {
  const ledger = trading.backtest(decided(0.3), of, { costs: trading.BYBIT_COSTS });
  const [row] = trading.compareLedgers([{ rule: "held", ledger }]);
  const years = trading.summarise(ledger).years;
  const made = 100 * (ledger.equity.at(-1)! / ledger.capital - 1);
  expect((row!["before costs"] - row!.costs) * years).toBeCloseTo(made, 9);
  const blocks = { key: core.key("blocks"), replicates: 50, meanBlock: 24 };
  expect(trading.ruleDifference(ledger, ledger, blocks)).toMatchObject({ difference: 0, apart: false });
  const [expected] = trading.compareExpected([{ rule: "held", ledger }], of, blocks);
  const mean = core.mean(trading.expectedReturns(ledger, of));
  expect(expected!["expected return"]).toBeCloseTo(100 * core.barsPerYear(of.stepMs) * mean, 9);
});

test("a rule that never trades has no Sharpe ratio to differ by, and that is no error", () => {
  const held = trading.backtest(decided(0.3), of, { costs: trading.BYBIT_COSTS });
  const idle = trading.backtest(decided(0), of, { costs: trading.BYBIT_COSTS });
  const blocks = { key: core.key("blocks"), replicates: 50, meanBlock: 24 };
  const none = { difference: Number.NaN, half: Number.NaN, apart: false };
  expect(trading.ruleDifference(held, idle, blocks)).toEqual(none);
  expect(trading.ruleDifference(idle, held, blocks)).toEqual(none);
});

test("the oracle earns before costs: it knows the next mean and nothing of the shocks", () => {
  const { oracle } = trading.baselines(decided(1), of, { weight: 0.2, trailing: 24 });
  const ledger = trading.backtest(oracle!, of, { costs: trading.NO_COSTS });
  const expected = trading.expectedReturns(ledger, of);
  expect(core.mean(expected)).toBeGreaterThan(0);
  const luck = trading.ledgerReturns(ledger).map((value, t) => value - expected[t]!);
  const error = core.standardDeviation(luck) / Math.sqrt(luck.length);
  expect(Math.abs(core.mean(luck))).toBeLessThan(3 * error);
});
