import fc from "fast-check";
import { expect, test } from "vitest";
import { fold, key, normals, uniforms } from "../../../lib/core/random.js";
import {
  auroc,
  averagePrecision,
  averageRanks,
  precisionRecall,
  rankCorrelation,
  rocCurve,
  separation,
} from "../../../lib/prob/scores/ranking.js";
import {
  aurocBlockInterval,
  aurocInterval,
  compareAuroc,
  separationInterval,
} from "../../../lib/prob/scores/rankingIntervals.js";

const rows = 80;
const outcome = Uint8Array.from(uniforms(key("outcome"), rows), (u) => (u < 0.3 ? 1 : 0));
const a = normals(key("a"), rows).map((z, i) => Math.round(4 * (z + 1.2 * outcome[i]!)) / 4); // with ties
const b = normals(key("b"), rows).map((z, i) => 0.5 * a[i]! + z);

// VI-84
test("areas, average precision and rank correlation are those of scikit-learn and SciPy", () => {
  expect(auroc(a, outcome)).toBeCloseTo(0.7364810330912025, 13);
  expect(auroc(b, outcome)).toBeCloseTo(0.6230831315577078, 13);
  expect(averagePrecision(a, outcome)).toBeCloseTo(0.5275838206618328, 13);
  expect(rankCorrelation(a, b)).toBeCloseTo(0.6290967489258565, 13);
});

test("the interval and the comparison are those of DeLong's components, counted pair by pair", () => {
  const own = aurocInterval(a, outcome, 0.95);
  expect(own.standardError).toBeCloseTo(0.06336987421827864, 12);
  expect(own.lower).toBeCloseTo(0.612278361918543, 12);
  const { difference, standardError, p } = compareAuroc(a, b, outcome);
  expect(difference).toBeCloseTo(0.1133979015334946, 12);
  expect(standardError).toBeCloseTo(0.06123179456137748, 12);
  expect(p).toBeCloseTo(0.06403375456596083, 10);
  expect(compareAuroc(a, a, outcome)).toEqual({ difference: 0, standardError: 0, p: 1 });
});

const tied = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 1 })), {
  minLength: 4,
  maxLength: 30,
});
const both = tied.filter((pairs) => new Set(pairs.map(([, y]) => y)).size === 2);

test("the area is the share of pairs in the right order, and the area under the curve's lines", () => {
  fc.assert(
    fc.property(both, (pairs) => {
      const [score, y] = [pairs.map(([s]) => s), pairs.map(([, o]) => o)];
      let [right, all] = [0, 0];
      for (const [s, o] of pairs) {
        for (const [other, p] of pairs) {
          if (o !== 1 || p !== 0) continue;
          all++;
          right += s > other ? 1 : s === other ? 0.5 : 0;
        }
      }
      expect(auroc(score, y)).toBeCloseTo(right / all, 12);
      const { falsePositive, truePositive } = rocCurve(score, y);
      let area = 0;
      for (let i = 1; i < falsePositive.length; i++)
        area += ((truePositive[i]! + truePositive[i - 1]!) / 2) * (falsePositive[i]! - falsePositive[i - 1]!);
      expect(area).toBeCloseTo(right / all, 12);
      expect(
        auroc(
          score.map((s) => -Math.exp(s)),
          y,
        ),
      ).toBeCloseTo(1 - right / all, 12);
    }),
  );
});

test("curves by hand, tied scores in one step", () => {
  const roc = rocCurve([0.9, 0.8, 0.8, 0.1], [1, 1, 0, 0]);
  expect(Array.from(roc.falsePositive)).toEqual([0, 0, 0.5, 1]);
  expect(Array.from(roc.truePositive)).toEqual([0, 0.5, 1, 1]);
  expect(Array.from(roc.threshold)).toEqual([Number.POSITIVE_INFINITY, 0.9, 0.8, 0.1]);
  const { precision, recall } = precisionRecall([0.9, 0.8, 0.8, 0.1], [1, 1, 0, 0]);
  expect(Array.from(recall)).toEqual([0, 0.5, 1, 1]);
  expect(Array.from(precision)).toEqual([1, 1, 2 / 3, 0.5]);
});

test("ranks share their mean where values tie", () => {
  expect(Array.from(averageRanks([3, 1, 3, 2, 3]))).toEqual([4, 1, 4, 2, 4]);
  expect(rankCorrelation([1, 2, 3, 10], [0, 1, 8, 9])).toBeCloseTo(1, 12);
  expect(rankCorrelation([1, 2, 3], [9, 1, 0])).toBeCloseTo(-1, 12);
  expect(rankCorrelation([1, 1, 1], [1, 2, 3])).toBeNaN();
});

test("DeLong's interval holds the true area of independent rows 95 times of 100", () => {
  const trials = 400;
  const area = 0.7602499389065233; // Φ(1 / √2)
  const held = Array.from({ length: trials }, (_, m) => {
    const y = Uint8Array.from({ length: 120 }, (_, n) => n % 2);
    const score = normals(fold(key("cover"), m), 120).map((z, n) => z + y[n]!);
    const { lower, upper } = aurocInterval(score, y, 0.95);
    return lower <= area && area <= upper;
  }).filter(Boolean).length;
  expect(Math.abs(held / trials - 0.95)).toBeLessThan(0.035);
});

test("blocks widen the interval of rows that repeat one another, and leave that of independent rows", () => {
  const options = { key: key("blocks"), replicates: 300, level: 0.95 };
  const repeated = Float64Array.from({ length: rows * 10 }, (_, n) => a[Math.floor(n / 10)]!);
  const outcomes = Uint8Array.from(repeated, (_, n) => outcome[Math.floor(n / 10)]!);
  const single = aurocBlockInterval(a, outcome, { ...options, block: 1 });
  expect(single.standardError).toBeCloseTo(aurocInterval(a, outcome, 0.95).standardError, 2);
  const naive = aurocInterval(repeated, outcomes, 0.95);
  const blocked = aurocBlockInterval(repeated, outcomes, { ...options, block: 20 });
  expect(blocked.value).toBe(naive.value);
  expect(blocked.standardError).toBeGreaterThan(2.2 * naive.standardError); // about √10 times
  expect(blocked.lower).toBeLessThan(naive.lower);
});

test("scores and outcomes that do not fit are refused", () => {
  expect(() => auroc([1, 2], [1, 1])).toThrow("outcome: expected both 0 and 1, got 2 rows of one of them");
  expect(() => auroc([1, Number.NaN], [1, 0])).toThrow("score[1]: expected a finite number, got NaN");
  expect(() => rocCurve([1, 2], [1, 2])).toThrow("outcome[1]: expected 0 or 1, got 2");
  expect(() => aurocInterval([1, 2, 3], [1, 0, 0], 0.95)).toThrow("rows of outcome 1: expected an integer");
  expect(() => aurocInterval(a, outcome, 1)).toThrow("level: expected a number in (0, 1), got 1");
  const options = { key: key("x"), replicates: 10, level: 0.9, block: 81 };
  expect(() => aurocBlockInterval(a, outcome, options)).toThrow("rows: expected an integer of at least 81");
});

test("separation of two samples is the area and the curve of their scores with outcomes 0 and 1", () => {
  const [usual, unusual] = [
    [1, 2, 3, 4],
    [3, 5, 6],
  ];
  const { area, falsePositive, truePositive } = separation(usual!, unusual!);
  // of the 12 pairs 3 < 4 is lost and 3 = 3 is half won
  expect(area).toBeCloseTo(10.5 / 12, 12);
  expect([falsePositive.at(-1), truePositive.at(-1)]).toEqual([1, 1]);
  expect(separation([1, 2], [8, 9]).area).toBe(1);
  expect(() => separation([], [1])).toThrow(/outcome/);
});

test("the interval of two samples holds their area, and blocks widen it where places depend on one another", () => {
  const slow = Float64Array.from(
    { length: 300 },
    (_, i) => normals(key(`level ${Math.floor(i / 20)}`), 1)[0]!,
  );
  const own = normals(key("own"), 300);
  const usual = own.map((z, i) => slow[i]! + 0.3 * z);
  const unusual = own.map((z, i) => 0.6 * slow[i]! + 0.3 * z + 0.5);
  const options = { key: key("blocks"), replicates: 200, level: 0.95 };
  const [single, blocked] = [1, 20].map((block) => separationInterval(usual, unusual, { ...options, block }));
  expect(single!.value).toBeCloseTo(separation(usual, unusual).area, 12);
  expect(blocked!.lower).toBeLessThan(blocked!.value);
  expect(blocked!.upper).toBeGreaterThan(blocked!.value);
  expect(blocked!.standardError).toBeGreaterThan(1.5 * single!.standardError);
  expect(separationInterval([1, 2], [8, 9], { ...options, block: 1 }).lower).toBe(1);
  expect(() => separationInterval([1, 2], [8], { ...options, block: 1 })).toThrow(/unusual/);
});
