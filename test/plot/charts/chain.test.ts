/** Drawings of a chain of steps. */
import { expect, test } from "vitest";
import { chainFigure } from "../../../lib/plot/charts/shapes/chain.js";

const boxes = ["a", "b", "c", "d", "e"].map((name) => ({ name }));

test("every box has its rectangle, and one arrow leads from each to the next", () => {
  const { layout } = chainFigure({ title: "A chain", boxes, perRow: 3 });
  expect(layout.shapes).toHaveLength(5);
  const arrows = (layout.annotations as { showarrow: boolean; y: number; ay: number; x: number }[]).filter(
    ({ showarrow }) => showarrow,
  );
  expect(arrows).toHaveLength(4);
  expect(arrows.map(({ y, ay }) => Math.sign(y - ay))).toEqual([0, 0, -1, 0]);
  expect(arrows[2]!.x).toBe(0); // the fourth box begins the second row
});

test("a chain without boxes is refused", () => {
  expect(() => chainFigure({ title: "A chain", boxes: [] })).toThrow("boxes");
});
