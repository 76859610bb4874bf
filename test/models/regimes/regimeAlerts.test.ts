import { expect, test } from "vitest";
import { watchRegimes } from "../../../lib/models/regimes/regimeAlerts.js";

/** Rows [1 − p, p]. */
const two = (p: readonly number[]) => Float64Array.from(p.flatMap((value) => [1 - value, value]));
const options = { states: 2, threshold: 0.8 };

// BV-35
test("a state is kept through doubt and left when another is likely enough, with one alert", () => {
  const { state, alert } = watchRegimes(two([0.5, 0.1, 0.6, 0.79, 0.8, 0.4, 0.9, 0.1]), options);
  expect(Array.from(state)).toEqual([-1, 0, 0, 0, 1, 1, 1, 0]);
  expect(Array.from(alert)).toEqual([0, 1, 0, 0, 1, 0, 0, 1]);
});

test("changing a later row leaves the belief and the alerts before it as they were", () => {
  const rows = [0.1, 0.9, 0.3, 0.2, 0.95];
  const [whole, part] = [watchRegimes(two(rows), options), watchRegimes(two(rows.slice(0, 3)), options)];
  expect(whole.state.slice(0, 3)).toEqual(part.state);
  expect(whole.alert.slice(0, 3)).toEqual(part.alert);
});

test("a feed that goes on arrives where the batch does", () => {
  const rows = [0.1, 0.6, 0.9, 0.6, 0.3];
  const whole = watchRegimes(two(rows), options);
  let previous = -1;
  rows.forEach((p, t) => {
    const one = watchRegimes(two([p]), { ...options, previous });
    previous = one.state[0]!;
    expect([one.state[0], one.alert[0]]).toEqual([whole.state[t], whole.alert[t]]);
  });
});

test("a threshold that could name two states is refused", () => {
  expect(() => watchRegimes(two([0.5]), { ...options, threshold: 0.5 })).toThrow(
    "threshold: expected a number in (0.5, 1), got 0.5",
  );
  expect(() => watchRegimes(two([0.5]), { ...options, states: 3 })).toThrow("rows: expected an integer");
});
