import { expect, test } from "vitest";
import { everyNth, splitByTime } from "../../../lib/features/splits/split.js";

const fractions = { train: 0.7, validation: 0.15, test: 0.15 };

/** Three assets decided each hour, resolved `horizon` hours later. */
function rows(hours: number, horizon: number) {
  const decidedAt = Float64Array.from({ length: 3 * hours }, (_, i) => Math.floor(i / 3));
  return { decidedAt, resolvedAt: decidedAt.map((t) => t + horizon) };
}

const times = (index: Uint32Array, at: Float64Array) => Array.from(index, (i) => at[i]!);

test("parts follow one another in time with the shares asked for", () => {
  const data = rows(100, 1);
  const { train, validation, test: tested, purged } = splitByTime(data, fractions);
  expect([train.length, validation.length, tested.length, purged.length]).toEqual([210, 45, 45, 0]);
  expect(Math.max(...times(train, data.decidedAt))).toBeLessThan(
    Math.min(...times(validation, data.decidedAt)),
  );
  expect(Math.max(...times(validation, data.decidedAt))).toBeLessThan(
    Math.min(...times(tested, data.decidedAt)),
  );
});

test.each([1, 2, 5, 10])(
  "no row of a part is resolved after the next part's first decision, horizon %d",
  (horizon) => {
    const data = rows(100, horizon);
    const split = splitByTime(data, fractions);
    expect(Math.max(...times(split.train, data.resolvedAt))).toBeLessThanOrEqual(70);
    expect(Math.max(...times(split.validation, data.resolvedAt))).toBeLessThanOrEqual(85);
    expect(split.purged.length).toBe(2 * 3 * (horizon - 1));
    const all = [split.train, split.validation, split.test, split.purged].flatMap((part) => Array.from(part));
    expect(all.sort((a, b) => a - b)).toEqual(Array.from(data.decidedAt.keys()));
  },
);

test("the order of the rows does not matter", () => {
  const data = rows(40, 3);
  const back = { decidedAt: data.decidedAt.slice().reverse(), resolvedAt: data.resolvedAt.slice().reverse() };
  const [ahead, behind] = [splitByTime(data, fractions), splitByTime(back, fractions)];
  expect(times(behind.train, back.decidedAt)).toEqual(times(ahead.train, data.decidedAt));
});

test("without validation, training is purged against the test", () => {
  const {
    train,
    validation,
    test: tested,
  } = splitByTime(rows(10, 2), { train: 0.8, validation: 0, test: 0.2 });
  expect([train.length, validation.length, tested.length]).toEqual([21, 0, 6]);
});

test("fractions and counts that make no parts are refused", () => {
  expect(() => splitByTime(rows(10, 1), { train: 0.7, validation: 0.2, test: 0.2 })).toThrow("0.7, 0.2, 0.2");
  expect(() => splitByTime(rows(2, 1), fractions)).toThrow("expected enough times for the parts, got 2");
  expect(() => splitByTime({ ...rows(9, 1), resolvedAt: new Float64Array(1) }, fractions)).toThrow(
    "resolvedAt",
  );
});

test.each([2, 3, 4])("every third and every second row of %d assets hold each asset alike", (assets) => {
  const rows = Uint32Array.from({ length: 60 * assets }, (_, i) => i);
  const asset = rows.map((i) => i % assets);
  for (const every of [2, 3]) {
    const kept = everyNth(rows, every, asset);
    for (let a = 0; a < assets; a++) {
      const own = kept.filter((n) => asset[n] === a);
      expect(own.length).toBe(60 / every);
      expect(new Set(Array.from(own.slice(1), (n, i) => n - own[i]!))).toEqual(new Set([every * assets]));
    }
  }
});

test("a part to calibrate on lies between validation and test, and every part is purged against the one after it", () => {
  const shares = { train: 0.6, validation: 0.1, calibration: 0.1, test: 0.2 };
  const data = rows(100, 3);
  const split = splitByTime(data, shares);
  const first = (part: Uint32Array) => Math.min(...times(part, data.decidedAt));
  const resolved = (part: Uint32Array) => Math.max(...times(part, data.resolvedAt));
  expect([split.train, split.validation, split.calibration, split.test].map(first)).toEqual([0, 60, 70, 80]);
  expect([split.train, split.validation, split.calibration].map(resolved)).toEqual([60, 70, 80]);
  expect([split.validation, split.calibration, split.test].map((part) => part.length)).toEqual([24, 24, 60]);
  expect(split.purged).toHaveLength(3 * 3 * 2);
});

test("without a share for it there is no calibration part, and the other parts are what they were", () => {
  const data = rows(100, 3);
  const split = splitByTime(data, { train: 0.6, validation: 0.2, test: 0.2 });
  expect(Object.keys(split).sort()).toEqual(["purged", "test", "train", "validation"]);
  const more = splitByTime(data, { train: 0.6, validation: 0.1, calibration: 0.1, test: 0.2 });
  expect([more.train, more.test]).toEqual([split.train, split.test]);
});

test("without validation, training is purged against the calibration", () => {
  const split = splitByTime(rows(10, 2), { train: 0.6, validation: 0, calibration: 0.2, test: 0.2 });
  expect([split.train, split.validation, split.calibration, split.test].map((part) => part.length)).toEqual([
    15, 0, 3, 6,
  ]);
});

test("a calibration part that is asked for and cannot be is refused", () => {
  const shares = { train: 0.6, validation: 0.2, calibration: 0, test: 0.2 };
  expect(() => splitByTime(rows(10, 1), shares)).toThrow(
    "expected shares that sum to 1, got 0.6, 0.2, 0, 0.2",
  );
  expect(() => splitByTime(rows(4, 1), { train: 0.5, validation: 0.2, calibration: 0.1, test: 0.2 })).toThrow(
    "expected enough times for the parts, got 4",
  );
});
