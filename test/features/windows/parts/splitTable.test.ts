/** The parts of a data set as a table. */
import { expect, test } from "vitest";
import { key } from "../../../../lib/core/random.js";
import { dataset } from "../../../../lib/features/windows/dataset.js";
import { splitTable } from "../../../../lib/features/windows/parts/splitTable.js";
import { simulate } from "../../../../lib/market/simulate/simulate.js";

test("a part begins a window before its first decision, and its last target is known a horizon after its last decision", () => {
  const { bars } = simulate({ symbols: ["BTCUSDT", "ETHUSDT"], bars: 600, key: key("split") });
  const data = dataset(bars, { length: 10, horizon: 3 });
  const rows = splitTable(data);
  expect(rows.map(({ part, windows }) => [part, windows])).toEqual([
    ["train", data.train.rows],
    ["validation", data.validation.rows],
    ["test", data.test.rows],
  ]);
  const hours = (text: string) => Date.parse(`${text.replace(" ", "T")}Z`) / 3_600_000;
  for (const [i, { decidedAt }] of [data.train, data.validation, data.test].entries()) {
    expect(hours(rows[i]!["first bar"])).toBe(Math.min(...decidedAt) / 3_600_000 - 10);
    expect(hours(rows[i]!["last decision"])).toBe(Math.max(...decidedAt) / 3_600_000);
    expect(hours(rows[i]!["last target known"]) - hours(rows[i]!["last decision"])).toBe(3);
  }
});

test("an empty part has no times", () => {
  const { bars } = simulate({ symbols: ["BTCUSDT"], bars: 600, key: key("split") });
  const data = dataset(bars, { length: 10, horizon: 3 });
  const none = { ...data.test, rows: 0, decidedAt: new Float64Array(0), resolvedAt: new Float64Array(0) };
  expect(splitTable({ ...data, test: none })[2]).toMatchObject({ windows: 0, "last decision": "none" });
});
