/** A session in numbers and paths. */
import { expect, test } from "vitest";
import {
  grossPath,
  reasonTable,
  sessionCounts,
  steppedTargets,
  targetPaths,
} from "../../lib/live/sessionTables.js";

const step = (time: number, wanted: (number | null)[], at = time) => ({
  ...{
    kind: "step" as const,
    time,
    at,
    wanted,
    targets: wanted,
    bars: [],
    reasons: [],
    fills: [],
    equity: 1,
  },
});
const steps = [step(10, [0.1, null]), step(20, [null, null], 25), step(30, [0.2, -0.3], 31)];
const fill = (filledAt: number) => ({
  ...{ id: `${filledAt}`, symbol: "A", side: "buy" as const, units: 1, price: 1, fee: 0, filledAt },
});

test("a close that was dealt with after it happened is late, and a fill at the last close is one after it", () => {
  const fills = [fill(10), fill(20), fill(30)] as never;
  expect(sessionCounts({ steps, fills })).toEqual({ hours: 3, late: 2, fills: 3, after: 1 });
  expect(sessionCounts({ steps: [], fills })).toEqual({ hours: 0, late: 0, fills: 3, after: 0 });
});

test("a target that is null stands until the next one, and is zero before the first", () => {
  const { values, names, time } = steppedTargets(steps, ["A", "B"]);
  expect([...values]).toEqual([0.1, 0, 0.1, 0, 0.2, -0.3]);
  expect([names, [...time]]).toEqual([
    ["A", "B"],
    [10, 20, 30],
  ]);
});

test("the study's path has every close, that of the run its decisions alone", () => {
  const none = { signals: [], drawn: [], readings: {} };
  const decisions = [
    { time: 10, targets: Float64Array.from([0.1, 0.4]), ...none },
    { time: 20, targets: Float64Array.from([Number.NaN, Number.NaN]), ...none },
    { time: 30, targets: Float64Array.from([0.2, -0.3]), ...none },
  ];
  const of = { decisions, steps, symbols: ["A", "B"] };
  const a = targetPaths(of, "A");
  expect([[...a.study.x], [...a.study.y]]).toEqual([
    [1, 2, 3],
    [10, 10, 20],
  ]);
  expect([[...a.live.x], [...a.live.y]]).toEqual([
    [1, 3],
    [10, 20],
  ]);
  const b = targetPaths(of, "B");
  expect([[...b.live.x], [...b.live.y]]).toEqual([[3], [-30]]);
  expect(() => targetPaths(of, "C")).toThrow(/A, B, got C/);
});

test("gross exposure counts shorts as longs, and what stands as what was decided", () => {
  const gross = Array.from(grossPath(steps, ["A", "B"]));
  expect(gross[0]).toBeCloseTo(10, 12);
  expect(gross[1]).toBeCloseTo(10, 12);
  expect(gross[2]).toBeCloseTo(50, 12);
});

test("a reason is counted once a step, and told by its first eighty characters", () => {
  const old = `bar is old: ${"x".repeat(100)}`;
  const told = [
    { ...step(10, []), reasons: ["A: cut to 0.4", "B: cut to 0.4"] },
    { ...step(20, []), reasons: [old, "A: cut to 0.3"] },
  ];
  expect(reasonTable(told, { position: "cut to", age: "old", none: "killed" })).toEqual([
    { limit: "position", hours: 2, "in the journal": "A: cut to 0.4" },
    { limit: "age", hours: 1, "in the journal": old.slice(0, 80) },
    { limit: "none", hours: 0, "in the journal": "" },
  ]);
});
