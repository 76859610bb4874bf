/** Facts of bars that set nothing: measured again where the bars are at hand, and confronted with what they must meet or miss. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { core, features, market } from "../../../lib/index.js";

const { confront, heldOutSet, readHeldOut, FACT_LABELS, REAL_RANGES } = features.facts;
const windows = { length: 999, step: 998 };
const made = market.simulate.simulate({
  ...{ symbols: ["BTCUSDT", "ETHUSDT"], bars: 998 * 8 + 1, key: core.key("made") },
});

test("bars of the simulation itself hold nine in ten of its facts", () => {
  const rows = confront(heldOutSet("itself", made.bars, windows), {
    ...{ key: core.key("other"), paths: 2, windows: 6 },
  });
  const held = rows.filter((row) => row.held).length;
  expect(held / rows.length).toBeGreaterThan(0.85);
});

test("returns in random order lose the memory of size, and the confrontation says so", () => {
  const shuffled = made.bars.map((bars) => {
    const order = core.permutation(core.key("shuffle"), bars.close.length);
    const of = (column: Float64Array) => Float64Array.from(order, (t) => column[t]!);
    const r = bars.close.map((close, t) => close / bars.open[t]!);
    let price = 100;
    const close = of(r).map((factor) => {
      price *= factor;
      return price;
    });
    const high = close.map((value) => value * 1.01);
    return { ...bars, close, high, low: close.map((value) => value / 1.01), volume: of(bars.volume) };
  });
  const rows = confront(heldOutSet("shuffled", shuffled, windows), {
    ...{ key: core.key("other"), paths: 2, windows: 6 },
  });
  const memory = rows.find(({ fact }) => fact === "sizeAutocorrelation1")!;
  expect(memory.held).toBe(false);
  expect(memory.real).toBeLessThan(memory.low);
});

test("the hash changes with a single price, and one symbol has no joint facts", () => {
  const [btc] = made.bars;
  const set = heldOutSet("one", [btc!], windows);
  const close = btc!.close.slice();
  close[5]! += 1e-9;
  expect(heldOutSet("one", [{ ...btc!, close }], windows).sha256).not.toBe(set.sha256);
  expect(set.facts.pairCorrelation).toBeUndefined();
  expect(set.rows).toBe(998 * 8 + 1);
});

test("every fact has a label of its own, and the committed sets name known facts", () => {
  expect(Object.keys(FACT_LABELS).sort()).toEqual(Object.keys(REAL_RANGES).sort());
  expect(new Set(Object.values(FACT_LABELS)).size).toBe(47);
  const sets = readHeldOut();
  expect(sets.length).toBeGreaterThanOrEqual(7);
  for (const set of sets)
    for (const fact of Object.keys(set.facts)) expect(Object.keys(FACT_LABELS)).toContain(fact);
});

const folder = resolve("../shared/data/bybit_perp_5m");
describe.skipIf(!existsSync(folder))(
  `real bars${existsSync(folder) ? "" : " (skipped: no ../shared/data/bybit_perp_5m beside the project)"}`,
  () => {
    test("the committed facts of five-minute bars are those of the bars", async () => {
      const held = readHeldOut().find(({ stepMs }) => stepMs === 300_000)!;
      const bars = await market.files.readFolder(folder, held.symbols);
      expect(heldOutSet(held.name, bars, held.windows)).toEqual(held);
    });
  },
);
