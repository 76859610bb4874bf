import { expect, test } from "vitest";
import { core, models } from "../../../../lib/index.js";

const rows = core.normals(core.key("agreement"), 3 * 4000);

test("rows agree with themselves: no correlation missed, no distance beyond the error of an unbiased estimate, nine tenths inside", () => {
  const found = models.factor.scenarioAgreement(rows, rows, 3);
  expect(found.correlationMissed).toBe(0);
  expect(Math.abs(found.energyDistance)).toBeLessThan(0.01);
  expect(found.coverage).toBeCloseTo(0.9, 2);
});

test("scenarios of half the size cover too little, and independent assets miss a planted correlation", () => {
  const small = rows.map((value) => value / 2);
  expect(models.factor.scenarioAgreement(small, rows, 3).coverage).toBeCloseTo(0.589, 1);
  const common = rows.map((value, i) => (i % 3 === 1 ? rows[i - 1]! : value));
  expect(models.factor.scenarioAgreement(rows, common, 3).correlationMissed).toBeCloseTo(Math.sqrt(1 / 3), 1);
});

test("true loadings are divided by the size of the asset, and a sector's are zero outside it", () => {
  const truth = { loadings: [2, 3], sector: [1, 0], sectorLoadings: [4, 5] };
  const found = models.factor.trueLoadings(truth, { sectors: [1, 3], unit: [2, 1] });
  expect(found.to2DArray()).toEqual([
    [1, 2, 0],
    [3, 0, 0],
  ]);
});

test("bands of independent normal bars widen with the root of time and scale with the bars", () => {
  const returns = core.normals(core.key("bars"), 20_000);
  const bands = models.factor.cumulativeBands(returns, {
    ...{ key: core.key("paths"), paths: 4000, scales: [1, 1, 1, 1, 0], quantiles: [0.05, 0.95] },
  });
  const width = bands[1]!.map((upper, bar) => upper - bands[0]![bar]!);
  expect(width[3]! / width[0]!).toBeCloseTo(2, 0);
  expect(width[4]).toBe(width[3]);
});
