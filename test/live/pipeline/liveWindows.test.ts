import fc from "fast-check";
import { expect, test } from "vitest";
import { fold, key, normals } from "../../../lib/core/random.js";
import type { Bars } from "../../../lib/core/types.js";
import { makePanel } from "../../../lib/features/panel.js";
import { scaleWindows } from "../../../lib/features/windows/windowScaler.js";
import { windows } from "../../../lib/features/windows/windows.js";
import { liveWindows } from "../../../lib/live/pipeline/liveWindows.js";

const [STEP, COUNT, CLIP] = [60_000, 60, 1.5];
const root = key("live windows");
const scaler = {
  mean: Float64Array.of(0.1, -0.2, 0.3),
  standardDeviation: Float64Array.of(0.7, 1.1, 3),
};
const options = { symbols: 2, length: 4, stepMs: STEP, scaler, clip: CLIP };

/** Bars that skip the times `missing`, and three features of which some are NaN. */
function sourceOf(seed: number, missing: readonly number[], holes: readonly number[]) {
  const kept = Array.from({ length: COUNT }, (_, t) => t).filter((t) => !missing.includes(t));
  const openTime = Float64Array.from(kept, (t) => t * STEP);
  const ones = openTime.map(() => 1);
  const bars: Bars = {
    ...{ symbol: "X", stepMs: STEP, openTime, open: ones, high: ones, low: ones, close: ones, volume: ones },
  };
  const [a, b, c] = ["a", "b", "c"].map((name) => normals(fold(root, seed, name), kept.length));
  for (const t of holes) if (t < kept.length) b![t] = Number.NaN;
  const panel = makePanel(
    openTime.map((time) => time + STEP),
    { a: a!, b: b!, c: c! },
  );
  return { bars, panel };
}

// VI-93
test("live windows are those of the arrays to the bit, cut and scaled, and ready when those exist", () => {
  const places = fc.uniqueArray(fc.integer({ min: 1, max: COUNT - 1 }), { maxLength: 4 });
  fc.assert(
    fc.property(
      fc.integer(),
      places,
      places,
      fc.integer({ min: 1, max: 7 }),
      (seed, missing, holes, length) => {
        const { bars, panel } = sourceOf(seed, missing, holes);
        const all = scaleWindows(
          { x: scaler, y: { mean: Float64Array.of(0), standardDeviation: Float64Array.of(1) } },
          // The same bars once more later, so that the last windows have a target too.
          windows([{ bars, panel, target: panel.time.map(() => 0) }], { length, horizon: 1 }),
        );
        const batch = new Map(
          Array.from(all.decidedAt, (time, n) => [
            time,
            all.x.slice(n * length * 3, (n + 1) * length * 3).map((v) => Math.max(-CLIP, Math.min(CLIP, v))),
          ]),
        );
        const live = liveWindows({ ...options, length });
        panel.time.forEach((time, t) => {
          live.push(1, time, panel.values.subarray(3 * t, 3 * t + 3));
          const known = bars.openTime[t + 1] === time; // only then do the arrays have a target for it
          if (known) expect(live.ready(1, time)).toBe(batch.has(time));
          if (batch.has(time)) expect(live.take([1])).toEqual(batch.get(time));
          expect(live.ready(0, time)).toBe(false);
        });
      },
    ),
    { numRuns: 60 },
  );
});

test("a window is of its own symbol, and not ready at another time", () => {
  const live = liveWindows({ ...options, length: 2, clip: 1e9 });
  for (let t = 1; t <= 2; t++) {
    live.push(0, t * STEP, [t, t, t]);
    live.push(1, t * STEP, [-t, -t, -t]);
  }
  const at = (v: number, f: number) => Math.fround((v - scaler.mean[f]!) / scaler.standardDeviation[f]!);
  const row = (v: number) => [0, 1, 2].map((f) => at(v, f));
  expect(Array.from(live.take([1, 0]))).toEqual([row(-1), row(-2), row(1), row(2)].flat());
  expect(live.ready(0, 2 * STEP)).toBe(true);
  expect(live.ready(0, 3 * STEP)).toBe(false);
});

test("what cannot be is refused", () => {
  expect(() => liveWindows({ ...options, length: 0 })).toThrow(
    "length: expected an integer of at least 1, got 0",
  );
  expect(() => liveWindows({ ...options, clip: 0 })).toThrow("clip: expected a positive number, got 0");
  expect(() => liveWindows(options).push(0, STEP, [1, 2])).toThrow("row: expected 3 values, got 2");
});
