import { expect, test } from "vitest";
import { fold, key, normals } from "../../../lib/core/random.js";
import { mean, standardDeviation } from "../../../lib/core/stats.js";
import type { Windows } from "../../../lib/core/types.js";
import { fitWindowScaler, scaleWindows, unscaleWindows } from "../../../lib/features/windows/windowScaler.js";

const root = key("window scaler");
const [N, T, F] = [40, 5, 3];
const raw: Windows = {
  x: Float32Array.from(normals(fold(root, "x"), N * T * F), (v, i) => v * 10 ** (i % F) + 7 * (i % F)),
  y: Float32Array.from(normals(fold(root, "y"), N), (v) => 0.01 * v + 0.002),
  asset: new Uint16Array(N),
  decidedAt: Float64Array.from({ length: N }, (_, n) => n),
  resolvedAt: Float64Array.from({ length: N }, (_, n) => n + 1),
};
const train = Uint32Array.from({ length: 30 }, (_, n) => n);
const scaler = fitWindowScaler(raw, train, F);
const feature = (w: Windows, f: number) =>
  Float64Array.from(w.x.slice(0, 30 * T * F).filter((_, i) => i % F === f));

test("features and targets of the training windows become of mean 0 and deviation 1", () => {
  // VF-43
  const scaled = scaleWindows(scaler, raw);
  for (const column of [
    ...[0, 1, 2].map((f) => feature(scaled, f)),
    Float64Array.from(scaled.y.slice(0, 30)),
  ]) {
    expect(mean(column)).toBeCloseTo(0, 6);
    expect(standardDeviation(column)).toBeCloseTo(1, 6);
  }
  expect([scaled.asset, scaled.decidedAt, scaled.resolvedAt]).toEqual([
    ...[raw.asset, raw.decidedAt, raw.resolvedAt],
  ]);
});

test("scaling undone gives back the windows to the rounding of float32, and leaves its input as it was", () => {
  const before = raw.x.slice();
  const back = unscaleWindows(scaler, scaleWindows(scaler, raw));
  back.x.forEach((v, i) => {
    expect(Math.abs(v - raw.x[i]!)).toBeLessThan(1e-5 * 10 ** (i % F));
  });
  back.y.forEach((v, n) => {
    expect(v).toBeCloseTo(raw.y[n]!, 8);
  });
  expect(raw.x).toEqual(before);
});

test("changing windows after the training leaves the scaler, and every scaled training window, as it was", () => {
  const poked = {
    ...raw,
    x: raw.x.map((v, i) => (i >= 30 * T * F ? v + 1e6 : v)),
    y: raw.y.map((v, n) => (n >= 30 ? v + 1e3 : v)),
  };
  const after = fitWindowScaler(poked, train, F);
  expect(after).toEqual(scaler);
  const [was, is] = [scaleWindows(scaler, raw), scaleWindows(after, poked)];
  expect(is.x.slice(0, 30 * T * F)).toEqual(was.x.slice(0, 30 * T * F));
  expect(is.x.slice(30 * T * F)).not.toEqual(was.x.slice(30 * T * F));
});

test("a feature that stands still, a row that is not there and a wrong width are refused", () => {
  const still = { ...raw, x: raw.x.map((v, i) => (i % F === 1 ? 3 : v)) };
  expect(() => fitWindowScaler(still, train, F)).toThrow(
    "feature 1: expected finite values that vary, got deviation 0",
  );
  const flat = { ...raw, y: new Float32Array(N).fill(2) };
  expect(() => fitWindowScaler(flat, train, F)).toThrow("target 0: expected finite values that vary");
  expect(() => fitWindowScaler(raw, [0, N], F)).toThrow("expected a window below 40, got 40");
  expect(() => fitWindowScaler(raw, train, 7)).toThrow(
    "expected whole windows of 7 features for 40 targets, got 600 values",
  );
  expect(() => fitWindowScaler(raw, [3], F)).toThrow("rows: expected an integer of at least 2, got 1");
});
