import { expect, test } from "vitest";
import { market, trading } from "../../lib/index.js";

test("a rule that holds a rising asset earns its rise less the costs; its expected gain is weight times mean", async () => {
  const of = await market.open({ folder: "simulated", symbols: ["BTCUSDT"], bars: 400 });
  const time = of.bars[0]!.openTime.map((open) => open + of.stepMs);
  const rules = {
    hold: { time, names: ["BTCUSDT"], values: new Float64Array(400).fill(1) },
    nothing: { time, names: ["BTCUSDT"], values: new Float64Array(400) },
  };
  const [hold, nothing] = trading.compareRules(rules, of, trading.BYBIT_COSTS);
  expect(hold!.rule).toBe("hold");
  const { rows, ledgers } = trading.ruleTable(rules, of, { costs: trading.BYBIT_COSTS });
  expect(ledgers.hold).toEqual(hold!.ledger);
  expect(rows.map(({ sharpe }) => sharpe)).toEqual([hold!.after.sharpe, nothing!.after.sharpe]);
  expect(trading.compareLedgers([hold!])[0]!.Sharpe).toBe(hold!.after.sharpe);
  expect(hold!.before.totalReturn - hold!.after.totalReturn).toBeGreaterThan(0);
  expect(hold!.before.totalReturn).toBeCloseTo(of.bars[0]!.close[399]! / of.bars[0]!.open[1]! - 1, 9);
  expect(nothing!.after.totalReturn).toBe(0);
  expect(trading.expectedGain([1, -1, 0.5], [0.01, 0.02, 0.02], 300)).toBeCloseTo(0, 12);
  expect(trading.expectedGain([1, 1], [0.01, 0.03], 100)).toBeCloseTo(2, 12);
  expect(trading.expectedGain([1], undefined, 100)).toBeUndefined();
  expect(() => trading.expectedGain([1, 2], [1], 100)).toThrow("trueMean");
});
