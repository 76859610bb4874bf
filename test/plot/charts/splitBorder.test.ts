/** The drawing of a border shows the windows that the split itself keeps. */
import { expect, test } from "vitest";
import { features, plot } from "../../../lib/index.js";

interface Drawn {
  readonly name: string;
  readonly x: readonly number[];
  readonly mode: string;
}

const drawn = (figure: plot.Figure, name: string): readonly number[] =>
  (figure.data as unknown as readonly Drawn[]).find((trace) => trace.name === `${name}: decision`)!.x;

test("windows drawn in a part are those that splitByTime and withoutStraddlers put there", () => {
  const [length, horizon] = [6, 2];
  const count = 80;
  const border = 20;
  const decidedAt = Float64Array.from({ length: count }, (_, t) => t - border);
  const rows = { decidedAt, resolvedAt: decidedAt.map((t) => t + horizon) };
  const { purged, ...parts } = features.splitByTime(rows, { train: 0.25, validation: 0.5, test: 0.25 });
  const apart = features.withoutStraddlers(
    rows,
    decidedAt.map((t) => t - length),
    parts,
  );
  const figure = plot.splitBorder({ title: "Border", length, horizon });
  const shown = [...drawn(figure, "training"), ...drawn(figure, "left out"), ...drawn(figure, "validation")];
  const of = (part: Uint32Array) =>
    Array.from(part, (n) => decidedAt[n]!).filter((t) => t >= Math.min(...shown) && t <= Math.max(...shown));
  expect(drawn(figure, "training")).toEqual(of(apart.train));
  expect(drawn(figure, "validation")).toEqual(of(apart.validation));
  expect(purged.length).toBe(2 * horizon - 2);
});

test("a window without bars is refused", () => {
  expect(() => plot.splitBorder({ title: "Border", length: 0, horizon: 1 })).toThrow("length");
});
