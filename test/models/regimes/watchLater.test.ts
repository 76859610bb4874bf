import { expect, test } from "vitest";
import { fold, key, normals } from "../../../lib/core/random.js";
import { watchLater } from "../../../lib/models/regimes/watchLater.js";

const root = key("watch later");
/** Sixty rows of one state, sixty of the other, and so on: rows about 0 or about 3. */
const truth = Array.from({ length: 600 }, (_, t) => Math.floor(t / 60) % 2);
const series = (name: string) => ({
  values: normals(fold(root, name), 600).map((e, t) => 0.7 * e + 3 * truth[t]!),
  time: Float64Array.from(truth, (_, t) => 10 * t),
  lengths: [600],
});
const earlier = { ...series("earlier"), level: Float64Array.from(truth) };
const later = series("later");
const options = {
  ...({ columns: 1, states: 2, covariance: "full", starts: 3, sweeps: 60 } as const),
  key: root,
  threshold: 0.9,
};

test("later states are those that the earlier rows were made in, numbered by their level there", () => {
  const { likeliest, believed, alarms } = watchLater(earlier, later, options);
  const right = (states: ArrayLike<number>) => truth.filter((state, t) => states[t] === state).length / 600;
  expect(right(likeliest)).toBeGreaterThan(0.97);
  expect(right(believed)).toBeGreaterThan(0.95);
  expect(alarms).toBe(10); // the first belief and nine changes
  const upside = watchLater({ ...earlier, level: earlier.level.map((v) => -v) }, later, options);
  expect(Array.from(upside.likeliest)).toEqual(Array.from(likeliest, (state) => 1 - state));
});

test("a later row changes no state before it", () => {
  const changed = later.values.slice();
  changed.fill(10, 400);
  const [whole, other] = [later, { ...later, values: changed }].map((own) =>
    watchLater(earlier, own, options),
  );
  expect(other!.probability.slice(0, 800)).toEqual(whole!.probability.slice(0, 800));
});

test("a level for each earlier row is asked for", () => {
  expect(() => watchLater({ ...earlier, level: [1, 2] }, later, options)).toThrow(
    "earlier.level: expected 600",
  );
});
