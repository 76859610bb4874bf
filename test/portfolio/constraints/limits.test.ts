import { expect, test } from "vitest";
import { feasible, holdableLimits } from "../../../lib/portfolio/constraints/limits.js";
import { project } from "../../../lib/portfolio/constraints/projection.js";

const sectors = (platform: readonly number[], meme: readonly number[]) => [
  { name: "platform", assets: platform, most: 0.4 },
  { name: "meme", assets: meme, most: 0.25 },
];

test("limits that ten assets can keep stay as they are", () => {
  const limits = { cap: 0.35, sectors: sectors([2, 3, 4, 5], [8, 9]) };
  expect(holdableLimits(10, limits)).toEqual({ limits, changes: [] });
  expect(holdableLimits(3, {})).toEqual({ limits: {}, changes: [] });
});

test("a cap below one over the number of assets is raised until they hold more than the capital, and it is said", () => {
  expect(() => feasible(2, { cap: 0.35 })).toThrow(/cap: 2 assets of at most 0.35/);
  const { limits, changes } = holdableLimits(2, { cap: 0.35 });
  expect(limits).toEqual({ cap: 0.625 });
  expect(changes).toEqual(["cap 0.35 raised to 0.625: 2 assets of it hold 0.7"]);
});

test("a cap that leaves next to no choice is raised too: three assets of 0.35 would all be held alike", () => {
  const { limits } = holdableLimits(3, { cap: 0.35 });
  expect(3 * limits.cap!).toBeCloseTo(1.25, 12);
  expect(project([1, 0, 0], limits)).not.toEqual(project([0, 1, 0], limits));
});

test("sector limits that cannot hold the capital with the cap are left out, and it is said", () => {
  const both = { cap: 0.9, sectors: sectors([0], [1]) };
  expect(() => feasible(2, both)).toThrow(/sectors platform, meme: with the cap they hold 0.65/);
  const { limits, changes } = holdableLimits(2, both);
  expect(limits).toEqual({ cap: 0.9, sectors: [] });
  expect(changes).toEqual(["sector limits left out: within them the assets hold 0.65"]);
});

test("one asset may be held whole, whatever the cap", () => {
  expect(holdableLimits(1, { cap: 0.35 }).limits).toEqual({ cap: 1 });
});

test("a cap of nothing and short positions are refused", () => {
  expect(() => holdableLimits(2, { cap: 0 })).toThrow(/cap/);
  expect(() => holdableLimits(2, { longOnly: false })).toThrow("limits: expected long-only ones");
});
