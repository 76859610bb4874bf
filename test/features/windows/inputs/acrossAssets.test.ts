import { describe, expect, test } from "vitest";
import { features } from "../../../../lib/index.js";

/** Two assets at times 0, 4, 8 and, after a gap, 20 and 24; the second asset lacks the row at 8. */
const part = {
  asset: Uint16Array.of(0, 0, 0, 0, 0, 1, 1, 1, 1),
  decidedAt: Float64Array.of(0, 4, 8, 20, 24, 0, 4, 20, 24),
  returns: Float64Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 1, 2, 4, 5),
};
const column = Float64Array.of(1, 2, 3, 4, 6, 3, 6, 8, 2);

describe("decisionMeans", () => {
  test("is the mean of the rows there are at each time, in order of time", () => {
    const { time, columns } = features.decisionMeans(part, [column, column.map((v) => -v)]);
    expect(Array.from(time)).toEqual([0, 4, 8, 20, 24]);
    expect(Array.from(columns[0]!)).toEqual([2, 4, 3, 6, 4]);
    expect(Array.from(columns[1]!)).toEqual([-2, -4, -3, -6, -4]);
    expect(() => features.decisionMeans(part, [column.slice(1)])).toThrow("columns[0]");
  });
});

describe("decisionChanges", () => {
  const of = (values: Float64Array) =>
    features.decisionChanges(part, { columns: [values], assets: 2, apart: 4 });

  test("goes from one decision to the next, where no asset is missing and no time", () => {
    const { time, changes, returns } = of(column);
    expect(Array.from(time)).toEqual([0, 20]); // at 8 an asset is missing, and after it there is a gap
    expect(Array.from(changes[0]!)).toEqual([2, -2]);
    expect(returns.map((own) => Array.from(own))).toEqual([
      [0.1, 0.4],
      [1, 4],
    ]);
  });

  test("a later value moves no earlier change", () => {
    const later = column.slice();
    later[4] = 100;
    expect(of(later).changes[0]![0]).toBe(2);
  });

  test("a part without two whole decisions in a row is refused", () => {
    expect(() => features.decisionChanges(part, { columns: [column], assets: 3, apart: 4 })).toThrow(
      "part: expected two decisions 4 ms apart at which all 3 assets have a row, got none",
    );
  });
});
