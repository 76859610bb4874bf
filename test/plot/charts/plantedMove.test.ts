/** Figures of a move and what was held through it. */
import { expect, test } from "vitest";
import { plantedMoveFigure } from "../../../lib/plot/charts/prices/plantedMove.js";
import { chainFigure } from "../../../lib/plot/charts/shapes/chain.js";

const held = {
  fixed: { value: [60, 59, 50], error: [1, 1, 1] },
  shrunk: { value: [60, 30, 10], error: [2, 2, 2] },
};
const move = (last: number) =>
  plantedMoveFigure({ title: "A move", since: [-1, 0, 1], price: [1, 1, last], held });

test("the price stands over one line and one band a rule", () => {
  const { data } = move(0.9);
  const names = data.map(({ name }) => name);
  expect(names).toEqual(["price", "fixed, band", "shrunk, band", "fixed", "shrunk"]);
  expect(data[0]).toMatchObject({ xaxis: "x", y: [1, 1, 0.9] });
  expect(data[3]).toMatchObject({ xaxis: "x2", y: [60, 59, 50] });
});

test("two shapes have the same axes", () => {
  const rangesOf = (last: number) => {
    const { yaxis, yaxis2 } = move(last).layout as Record<string, { range: number[] }>;
    return [yaxis!.range, yaxis2!.range];
  };
  expect(rangesOf(0.8)).toEqual(rangesOf(1.3));
  expect(rangesOf(0.8)).toEqual([
    [0.7, 1.4],
    [0, 100],
  ]);
});

test("a chain of texts by name is the chain of boxes whose lines were broken by hand", () => {
  const title = "Two steps";
  const byName = chainFigure({
    title,
    boxes: { candle: "several revisions in the stream", bar: "the last" },
  });
  const lines = ["several revisions", "in the stream"];
  expect(byName).toEqual(
    chainFigure({
      title,
      boxes: [
        { name: "candle", lines },
        { name: "bar", lines: ["the last"] },
      ],
    }),
  );
  expect(() => chainFigure({ title, boxes: {} })).toThrow(/boxes/);
});
