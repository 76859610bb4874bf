import { expect, test } from "vitest";
import { core, models, plot } from "../../../lib/index.js";

const planted = {
  loadings: core.fromRows([
    [1, 0.5],
    [0.8, -0.5],
    [0.9, 0],
  ]),
  ownVariance: new Float64Array(3).fill(0.3),
  centre: new Float64Array(3),
};
const source = {
  data: { names: ["A", "B", "C"] },
  factors: 2,
  traversal: ({ factor, sigmas = [-1, 1] }: { factor: number; sigmas?: readonly number[] }) => ({
    paths: [0, 1, 2].map((a) => sigmas.map((s) => s * planted.loadings.get(a, factor))),
  }),
};

test("the slider of a factor has a series a model at every place, all on one range", () => {
  const figure = plot.factorSlider({ one: source, two: source }, { factor: 1, sigmas: [-2, 0, 2] });
  expect(figure.data).toHaveLength(6);
  expect(figure.data[0]!.x).toEqual([-1, 1, -0]);
  expect((figure.layout.xaxis as { range: number[] }).range[1]).toBeCloseTo(1.05, 10);
});

test("the map of factors has a heatmap a factor, rows by asset", () => {
  const figure = plot.factorMap(source, { start: 1 });
  expect(figure.data).toHaveLength(2);
  expect(figure.data.map(({ visible }) => visible)).toEqual([false, true]);
  expect((figure.data[0]!.z as number[][])[0]).toEqual([-3, -2, -1, 0, 1, 2, 3]);
});

test("loadings of two sides stand beside one another factor by factor, and of another shape are refused", () => {
  const { loadings } = planted;
  const figure = plot.loadingMap(
    { down: loadings, up: loadings.clone().mul(2) },
    { title: "t", names: source.data.names },
  );
  expect(figure.data[0]!.x).toEqual(["1 down", "1 up", "2 down", "2 up"]);
  expect((figure.data[0]!.z as number[][])[1]).toEqual([0.8, 1.6, -0.5, -1]);
  expect(() => plot.loadingMap({ down: loadings }, { title: "t", names: ["A"] })).toThrow(/1 rows/);
});

test("slope ratios are the derivative below over that above, with the range over the seeds", () => {
  const each = (scale: number) => [1, 2].map((seed) => core.fromRows([[scale * seed], [seed]]));
  const own = {
    loadings: (side: "down" | "up") => ({
      each: side === "down" ? [...each(3)] : [core.fromRows([[1], [1]]), core.fromRows([[4], [2]])],
    }),
  };
  const ratios = models.factor.slopeRatios(own);
  expect(Array.from(ratios.mean)).toEqual([2.25, 1]);
  expect(Array.from(ratios.lower)).toEqual([1.5, 1]);
  expect(Array.from(ratios.upper)).toEqual([3, 1]);
  expect(
    Array.from(
      models.factor.trueSlopeRatios({ downLoadings: Float64Array.of(3), upLoadings: Float64Array.of(2) }),
    ),
  ).toEqual([1.5]);
});

test("the map of a model with one factor is one heatmap without a slider", () => {
  const figure = plot.factorMap({ ...source, factors: 1 });
  expect(figure.layout.sliders).toBeUndefined();
  expect(figure.data.filter(({ type }) => type === "heatmap")).toHaveLength(1);
});
