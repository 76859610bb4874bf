import fc from "fast-check";
import { expect, test } from "vitest";
import { fold, key, normals } from "../../lib/core/random.js";
import {
  bookClassSignal,
  bookSignal,
  edgeSignal,
  normalPredictive,
  predictiveOf,
  softmax,
} from "../../lib/trading/signal.js";
import { capped, pessimisticSize } from "../../lib/trading/size.js";

const book = { threshold: 0.7, sdThreshold: 0.005 };
const draws = (positive: number) =>
  Float64Array.from({ length: 100 }, (_, i) => (i < positive ? 0.001 : -0.001));
const rule = {
  costBps: 5,
  edgeInCosts: 1,
  caution: 1,
  size: (forecast: Parameters<typeof pessimisticSize>[0]) => capped(pessimisticSize(forecast), 2),
};
const forecast = { mean: 0.002, aleatoric: 0.0046 ** 2, epistemic: 0.0005 ** 2 };

test("VI-30, VI-31, VI-32: the book's rule is LONG above 0.7, SHORT below 0.3 and HOLD at either", () => {
  expect(bookSignal(draws(71), book)).toMatchObject({ direction: "LONG", confidence: 0.71, size: 1 });
  expect(bookSignal(draws(70), book)).toMatchObject({ direction: "HOLD", confidence: 0.5, size: 0 });
  expect(bookSignal(draws(29), book)).toMatchObject({ direction: "SHORT", confidence: 0.71, size: -1 });
  expect(bookSignal(draws(30), book)).toMatchObject({ direction: "HOLD", probability: 0.3 });
});

test("VI-34: the book's rule holds when the same draws spread too far", () => {
  const wide = draws(90).map((r) => 10 * r);
  expect(bookSignal(draws(90), book).direction).toBe("LONG");
  expect(bookSignal(wide, book)).toMatchObject({ direction: "HOLD", probability: 0.9 });
});

test("VI-29: draws of the mean claim certainty where the full predictive knows next to nothing", () => {
  const means = normals(fold(key("signal"), "means"), 100).map((e) => 0.0005 + 0.0001 * e);
  expect(bookSignal(means, book)).toMatchObject({ direction: "LONG", probability: 1 });
  const full = predictiveOf(means, new Float64Array(100).fill(0.0046 ** 2));
  expect(full.probabilityAbove(0)).toBeCloseTo(0.543, 2);
});

test("BN-48: the class rule takes the side whose mean probability exceeds the threshold", () => {
  const up = { up: [0.7, 0.6], neutral: [0.2, 0.2], down: [0.1, 0.2] };
  const down = { up: up.down, neutral: up.neutral, down: up.up };
  const options = { threshold: 0.6, scaled: true };
  expect(bookClassSignal(up, options)).toMatchObject({
    direction: "LONG",
    probability: expect.closeTo(0.65),
  });
  expect(bookClassSignal(down, options).direction).toBe("SHORT");
  expect(bookClassSignal(up, { threshold: 0.66, scaled: true })).toMatchObject({
    direction: "HOLD",
    size: 0,
  });
});

test("BN-46, BN-47, BN-49: the score is Σ Var p, the confidence 1 / (1 + score), the size that or 1", () => {
  const classes = { up: [0.9, 0.7], neutral: [0.1, 0.1], down: [0, 0.2] };
  const scaled = bookClassSignal(classes, { threshold: 0.6, scaled: true });
  expect(scaled.epistemic).toBeCloseTo(0.02, 12);
  expect(scaled.confidence).toBeCloseTo(1 / 1.02, 12);
  expect(scaled.size).toBe(scaled.confidence);
  expect(bookClassSignal(classes, { threshold: 0.6, scaled: false }).size).toBe(1);
  expect(scaled.epistemic + scaled.aleatoric).toBeCloseTo(0.8 * 0.2 + 0.1 * 0.9 + 0.1 * 0.9, 12);
});

test("the book's confidence stays above 0.59 even when every draw is certain of another class", () => {
  const worst = { up: [1, 0, 0], neutral: [0, 1, 0], down: [0, 0, 1] };
  expect(bookClassSignal(worst, { threshold: 0.6, scaled: true }).confidence).toBeCloseTo(0.6, 12);
});

test("softmax sums to one, ignores a shift, and survives logits of a thousand", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -700, max: 700, noNaN: true }), { minLength: 1 }), (logits) => {
      const p = softmax(logits);
      expect(p.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 10);
      softmax(logits.map((x) => x + 300)).forEach((value, i) => {
        expect(value).toBeCloseTo(p[i]!, 10);
      });
    }),
  );
  expect(Array.from(softmax([1000, -1000]))).toEqual([1, 0]);
});

test("the parts of the predictive variance add up to that of draws of the return", () => {
  const means = [0.01, -0.02, 0.03];
  const variances = [1e-4, 4e-4, 9e-4];
  const full = predictiveOf(means, variances);
  const noise = normals(fold(key("signal"), "noise"), 90_000);
  const returns = noise.map((e, i) => means[i % 3]! + Math.sqrt(variances[i % 3]!) * e);
  const centre = returns.reduce((a, b) => a + b, 0) / returns.length;
  const total = returns.reduce((a, r) => a + (r - centre) ** 2, 0) / returns.length;
  expect((full.aleatoric + full.epistemic) / total).toBeCloseTo(1, 1);
  const above = returns.filter((r) => r > 0.01).length / returns.length;
  expect(Math.abs(full.probabilityAbove(0.01) - above)).toBeLessThan(0.008);
});

test("equal draws give the normal predictive", () => {
  const one = predictiveOf([0.001, 0.001], [1e-4, 1e-4]);
  const normal = normalPredictive({ mean: 0.001, aleatoric: 1e-4, epistemic: 0 });
  expect(one.probabilityAbove(0.002)).toBeCloseTo(normal.probabilityAbove(0.002), 12);
});

test("VI-33: a record carries direction, probability, confidence, both variances and a signed size", () => {
  const long = edgeSignal(normalPredictive(forecast), rule);
  expect(long).toEqual({
    direction: "LONG",
    probability: normalPredictive(forecast).probabilityAbove(0),
    confidence: normalPredictive(forecast).probabilityAbove(0.0005),
    epistemic: forecast.epistemic,
    aleatoric: forecast.aleatoric,
    size: 2,
  });
});

test("the mirror of a forecast is the mirror of its signal", () => {
  const long = edgeSignal(normalPredictive(forecast), rule);
  const short = edgeSignal(normalPredictive({ ...forecast, mean: -forecast.mean }), rule);
  expect(short).toMatchObject({ direction: "SHORT", size: -long.size });
  expect(short.confidence).toBeCloseTo(long.confidence, 12);
  expect(short.probability).toBeCloseTo(1 - long.probability, 12);
});

test("VI-34: raising the uncertainty of the same forecast turns the trade into HOLD, and so does a higher cost", () => {
  const at = (tau: number, costBps = 5) =>
    edgeSignal(normalPredictive({ ...forecast, epistemic: tau ** 2 }), { ...rule, costBps });
  expect(at(0.0014).direction).toBe("LONG");
  expect(at(0.0016)).toMatchObject({ direction: "HOLD", size: 0 });
  expect(at(0.0005, 14).direction).toBe("LONG");
  expect(at(0.0005, 16).direction).toBe("HOLD");
});

test("an edge of one and a half costs is not enough for a rule that asks for two", () => {
  const sharp = normalPredictive({ mean: 0.00075, aleatoric: 1e-5, epistemic: 0 });
  expect(edgeSignal(sharp, rule).direction).toBe("LONG");
  expect(edgeSignal(sharp, { ...rule, edgeInCosts: 2 }).direction).toBe("HOLD");
});

test("a probability of a half and a little is worth a trade at low cost, where the book holds", () => {
  const small = normalPredictive({ mean: 0.0005, aleatoric: 0.0046 ** 2, epistemic: 1e-8 });
  expect(small.probabilityAbove(0)).toBeLessThan(0.55);
  expect(edgeSignal(small, { ...rule, costBps: 1 }).direction).toBe("LONG");
});

test("BN-36: the size falls as the epistemic variance grows, and never rises", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 0.003, noNaN: true }),
      fc.double({ min: 0, max: 0.003, noNaN: true }),
      (a, b) => {
        const at = (tau: number) =>
          edgeSignal(normalPredictive({ ...forecast, epistemic: tau ** 2 }), {
            ...rule,
            size: pessimisticSize,
          }).size;
        expect(at(Math.max(a, b))).toBeLessThanOrEqual(at(Math.min(a, b)));
      },
    ),
  );
});

test("a size of zero is a HOLD, not a trade of nothing", () => {
  expect(edgeSignal(normalPredictive(forecast), { ...rule, size: () => 0 }).direction).toBe("HOLD");
});

test("bad input is refused by name, with what was expected and what came", () => {
  expect(() => bookSignal([], book)).toThrow("draws: expected at least one number, got none");
  expect(() => bookSignal([Number.NaN], book)).toThrow("draws[0]: expected a finite number, got NaN");
  expect(() => bookSignal([1], { ...book, threshold: 0.3 })).toThrow(
    "threshold: expected a probability in [0.5, 1), got 0.3",
  );
  expect(() => bookSignal([1], { ...book, sdThreshold: 0 })).toThrow(
    "sdThreshold: expected a positive number, got 0",
  );
  const classes = { up: [0.5, 0.5], neutral: [0.5, 0.5], down: [0, 0.5] };
  expect(() => bookClassSignal(classes, { threshold: 0.6, scaled: true })).toThrow(
    "draw 1: expected three probabilities of sum 1, got 0.5, 0.5, 0.5",
  );
  expect(() => bookClassSignal({ ...classes, down: [0] }, { threshold: 0.6, scaled: true })).toThrow(
    "down: expected 2 values, got 1",
  );
  expect(() => predictiveOf([1, 2], [1])).toThrow("variances: expected 2 values, got 1");
  expect(() => predictiveOf([1], [0])).toThrow("variances[0]: expected a positive number, got 0");
  expect(() => normalPredictive({ mean: 0, aleatoric: 0, epistemic: 0 })).toThrow("aleatoric + epistemic");
  expect(() => edgeSignal(normalPredictive(forecast), { ...rule, costBps: -1 })).toThrow(
    "costBps: expected zero or more, got -1",
  );
  expect(() => edgeSignal(normalPredictive(forecast), { ...rule, size: () => Number.NaN })).toThrow(
    "size[0]: expected a finite number, got NaN",
  );
});
