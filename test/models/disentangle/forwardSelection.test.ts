import { expect, test } from "vitest";
import { fold, key, normals } from "../../../lib/core/random.js";
import { mean } from "../../../lib/core/stats.js";
import {
  bestDimension,
  type ForwardPart,
  forwardSelection,
} from "../../../lib/models/disentangle/forwardSelection.js";
import { rankCorrelation } from "../../../lib/prob/scores/ranking.js";

const root = key("forward selection");
const rows = 300;
const noise = (...names: (string | number)[]) => normals(fold(root, ...names), rows);
const options = { key: root, replicates: 199 };
const stranger = (f: number): ForwardPart => ({
  signals: [0, 1, 2, 3, 4].map((c) => [noise("signal", f, c)]),
  outcome: noise("outcome", f),
});

test("BV-46: the best unit is the one that goes with the outcome, and it faces the way it went", () => {
  const codes = [noise("a"), noise("b"), new Float64Array(rows)];
  const outcome = noise("e").map((e, n) => e - codes[1]![n]!);
  expect(bestDimension(codes, outcome)).toMatchObject({ unit: 1, sign: -1 });
  expect(bestDimension(codes, outcome).coefficient).toBeCloseTo(-rankCorrelation(codes[1]!, outcome), 12);
});

test("a coefficient is the mean of its seeds' rank correlations, fold by fold", () => {
  const parts = [0, 1].map((f) => ({
    signals: [[noise("s", f, 0), noise("s", f, 1)]],
    outcome: noise("o", f),
  }));
  const { candidates } = forwardSelection(parts, options);
  const expected = parts.map(({ signals, outcome }) =>
    mean(signals[0]!.map((s) => rankCorrelation(s, outcome))),
  );
  for (const [f, ic] of expected.entries()) expect(candidates[0]!.folds[f]).toBeCloseTo(ic, 12);
  expect(candidates[0]!.mean).toBeCloseTo(mean(expected), 12);
});

test("BV-46: of five candidates the one that foretells is chosen, and survives being charged for five", () => {
  const parts = [0, 1, 2, 3].map((f) => {
    const { signals, outcome } = stranger(f);
    return { signals, outcome: outcome.map((e, n) => e + 0.3 * signals[2]![0]![n]!) };
  });
  const { best, probability, p } = forwardSelection(parts, options);
  expect(best).toBe(2);
  expect(probability).toBeGreaterThan(0.99);
  expect(p).toBeCloseTo(1 / 200, 12);
});

test("the standard errors of independent rows are one over the root of their number", () => {
  const { candidates } = forwardSelection([0, 1, 2, 3].map(stranger), options);
  for (const { foldErrors, standardError } of candidates) {
    for (const error of foldErrors) expect(error * Math.sqrt(rows)).toBeGreaterThan(0.8);
    for (const error of foldErrors) expect(error * Math.sqrt(rows)).toBeLessThan(1.2);
    expect(standardError * Math.sqrt(4 * rows)).toBeGreaterThan(0.85);
    expect(standardError * Math.sqrt(4 * rows)).toBeLessThan(1.15);
  }
});

test("five strangers are charged the expected maximum of five normals, five copies nothing", () => {
  const parts = [0, 1, 2, 3].map(stranger);
  const strangers = forwardSelection(parts, { key: root, replicates: 999 });
  const error = mean(strangers.candidates.map(({ standardError }) => standardError));
  expect(strangers.benchmark / error).toBeGreaterThan(1.05); // 1.163 for independent normals
  expect(strangers.benchmark / error).toBeLessThan(1.28);
  const copies = parts.map(({ signals, outcome }) => ({ signals: signals.map(() => signals[0]!), outcome }));
  const same = forwardSelection(copies, { key: root, replicates: 999 });
  expect(Math.abs(same.benchmark) / error).toBeLessThan(0.1);
});

test("where nothing foretells, one world in twenty has a best candidate with p of at most 0.05", () => {
  const worlds = Array.from({ length: 200 }, (_, w) => {
    const parts = [0, 1].map((f) => ({
      signals: [0, 1, 2].map((c) => [normals(fold(root, "world", w, f, c), 60)]),
      outcome: normals(fold(root, "world's outcome", w, f), 60),
    }));
    return forwardSelection(parts, { key: fold(root, w), replicates: 59 });
  });
  const share = (of: (one: (typeof worlds)[number]) => boolean) => worlds.filter(of).length / worlds.length;
  expect(share(({ p }) => p <= 0.05)).toBeLessThan(0.1); // 0.05 ± 3 × 0.015
  expect(share(({ probability }) => probability >= 0.95)).toBeLessThan(0.1);
  expect(mean(worlds.map(({ p }) => p))).toBeGreaterThan(0.43);
  expect(mean(worlds.map(({ p }) => p))).toBeLessThan(0.57);
});

test("series with a memory that share their shocks are given wider errors than as many independent rows", () => {
  const smooth = (name: string) => {
    const e = noise(name);
    let state = 0;
    return e.map((v) => (state = 0.9 * state + v));
  };
  const [signal, outcome] = [smooth("signal"), smooth("outcome")];
  const twice = (x: Float64Array) => Float64Array.of(...x, ...x);
  const part = { signals: [[twice(signal)]], outcome: twice(outcome), lengths: [rows, rows] };
  const { candidates } = forwardSelection([part], options);
  expect(candidates[0]!.foldErrors[0]! * Math.sqrt(2 * rows)).toBeGreaterThan(2);
});

test("a fold's coefficient does not depend on what happens in later folds", () => {
  const parts = [0, 1, 2].map(stranger);
  const before = forwardSelection(parts, options).candidates;
  const changed = [...parts.slice(0, 2), { ...parts[2]!, outcome: parts[2]!.outcome.map((v) => -(v ** 3)) }];
  forwardSelection(changed, options).candidates.forEach(({ folds, foldErrors }, c) => {
    expect(folds.slice(0, 2)).toEqual(before[c]!.folds.slice(0, 2));
    expect(foldErrors.slice(0, 2)).toEqual(before[c]!.foldErrors.slice(0, 2));
  });
});

test("nonsense is refused and named", () => {
  const part = stranger(0);
  expect(() => forwardSelection([], options)).toThrow(/folds/);
  expect(() => forwardSelection([part, { ...part, signals: part.signals.slice(1) }], options)).toThrow(
    /fold 1: candidates/,
  );
  const short = { ...part, signals: [[new Float64Array(3)]] };
  expect(() => forwardSelection([short], options)).toThrow(/fold 0, candidate 0: rows/);
  const still = { ...part, signals: [[new Float64Array(rows)]] };
  expect(() => forwardSelection([still], options)).toThrow(/candidate 0: expected signals that vary/);
  expect(() => forwardSelection([{ ...part, lengths: [1, 2] }], options)).toThrow(/lengths/);
  expect(() => bestDimension([], part.outcome)).toThrow(/columns/);
});
