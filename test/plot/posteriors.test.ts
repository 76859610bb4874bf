import { expect, test } from "vitest";
import { core, plot } from "../../lib/index.js";

const titles = { title: "T", xTitle: "a", yTitle: "b" };
const moments = { mean: [1, 2], covariance: core.Matrix.eye(2) };

test("the line of a posterior holds 90 % of a round Gaussian: every point at √(−2 ln 0.1) from its mean", () => {
  const { data } = plot.posteriors({ ...titles, posteriors: { exact: moments } });
  const { x, y } = data[0] as unknown as { x: number[]; y: number[] };
  const far = x.slice(0, 90).map((a, i) => Math.hypot(a - 1, y[i]! - 2));
  for (const distance of far) expect(distance).toBeCloseTo(Math.sqrt(-2 * Math.log(0.1)), 9);
});

test("at most 240 draws are shown, and draws of one parameter are refused", () => {
  const of = [new Float64Array(5000), new Float64Array(5000)];
  const { data } = plot.posteriors({ ...titles, posteriors: { exact: moments }, draws: { name: "HMC", of } });
  expect((data[0] as unknown as { x: number[] }).x.length).toBeLessThanOrEqual(240);
  const one = { name: "HMC", of: of.slice(1) };
  expect(() => plot.posteriors({ ...titles, posteriors: { exact: moments }, draws: one })).toThrow(
    "two parameters",
  );
});
