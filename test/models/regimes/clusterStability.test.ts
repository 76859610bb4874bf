import { expect, test } from "vitest";
import { fold, key, normals } from "../../../lib/core/random.js";
import { clusterStability } from "../../../lib/models/regimes/clusterStability.js";

const root = key("cluster stability");
const options = { columns: 1, clusters: 2, key: root, starts: 3 };
/** Rows about 0 and about `apart`, by turns. */
const two = (name: string, apart: number, rows = 200) =>
  normals(fold(root, name), rows).map((e, n) => 0.3 * e + (n % 2) * apart);

test("clusters that are there are found again by either half, and label later rows by them", async () => {
  const [early, late, later] = [two("early", 5), two("late", 5), two("later", 5)];
  const whole = Float64Array.from([...early, ...late]);
  const { label, halves } = await clusterStability({ whole, early, late, later }, options);
  expect(halves).toBe(1);
  expect(label.every((own, n) => own === label[n % 2])).toBe(true);
  expect(label[0]).not.toBe(label[1]);
});

test("halves that split different columns agree by chance", async () => {
  const plane = (name: string, spread: readonly number[]) =>
    normals(fold(root, name), 800).map((e, i) => e * spread[i % 2]!);
  const [early, late] = [plane("a", [5, 1]), plane("b", [1, 5])];
  const rows = { whole: early, early, late, later: plane("c", [3, 3]) };
  const { halves } = await clusterStability(rows, { ...options, columns: 2 });
  expect(Math.abs(halves)).toBeLessThan(0.05);
});
