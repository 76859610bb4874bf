import fc from "fast-check";
import { expect, test } from "vitest";
import { forecastOf, forecastRow, normalForecast } from "../../../lib/core/forecast.js";
import { fold, key, normals } from "../../../lib/core/random.js";
import type { ForecastRow } from "../../../lib/core/types.js";
import {
  edgeSignal,
  returnThresholdSignal,
  signSignal,
  softmax,
  sourceClassSignal,
  sourceSignal,
} from "../../../lib/trading/decisions/signal.js";

const book = { threshold: 0.7, sdThreshold: 0.005 };
const draws = (positive: number) =>
  Float64Array.from({ length: 100 }, (_, i) => (i < positive ? 0.001 : -0.001));
const rule = { costBps: 5, minEdgeMultiple: 1, epistemicPenalty: 1 };

/** A row whose return is normal. */
function rowOf(mean: number, aleatoric: number, epistemic: number, latent = 0): ForecastRow {
  const [m, a, l, e] = [mean, aleatoric, latent, epistemic].map((value) => Float64Array.of(value));
  const moments = { mean: m!, aleatoric: a!, latent: l!, epistemic: e! };
  return forecastRow(normalForecast(moments, { asset: [0], decidedAt: [0] }), 0);
}
const [MEAN, ALEATORIC, EPISTEMIC] = [0.002, 0.0046 ** 2, 0.0005 ** 2];
const forecast = rowOf(MEAN, ALEATORIC, EPISTEMIC);

test("VI-30, VI-31, VI-32: the book's rule is LONG above 0.7, SHORT below 0.3 and HOLD at either", () => {
  expect(sourceSignal(draws(71), book)).toMatchObject({ direction: "LONG", confidence: 0.71, size: 1 });
  expect(sourceSignal(draws(70), book)).toMatchObject({ direction: "HOLD", confidence: 0.5, size: 0 });
  expect(sourceSignal(draws(29), book)).toMatchObject({ direction: "SHORT", confidence: 0.71, size: -1 });
  expect(sourceSignal(draws(30), book)).toMatchObject({ direction: "HOLD", probability: 0.3 });
});

test("VI-34: the book's rule holds when the same draws spread too far", () => {
  const wide = draws(90).map((r) => 10 * r);
  expect(sourceSignal(draws(90), book).direction).toBe("LONG");
  expect(sourceSignal(wide, book)).toMatchObject({ direction: "HOLD", probability: 0.9 });
});

test("VI-29: draws of the mean claim certainty where the predictive distribution knows next to nothing", () => {
  const means = normals(fold(key("signal"), "means"), 100).map((e) => 0.0005 + 0.0001 * e);
  expect(sourceSignal(means, book)).toMatchObject({ direction: "LONG", probability: 1 });
  const variance = new Float64Array(100).fill(0.0046 ** 2);
  const row = forecastRow(
    forecastOf({ draws: 100, mean: means, variance }, { asset: [0], decidedAt: [0] }),
    0,
  );
  expect(row.probabilityUp).toBeCloseTo(0.543, 2);
  expect(returnThresholdSignal(row, book).direction).toBe("HOLD");
});

test("chapter 328's rule on the return asks for both: a probability above the threshold and a small total deviation", () => {
  const sharp = rowOf(0.002, 0.001 ** 2, 0.0001 ** 2);
  expect(returnThresholdSignal(sharp, book)).toMatchObject({ direction: "LONG", size: 1 });
  expect(returnThresholdSignal(rowOf(-0.002, 0.001 ** 2, 0.0001 ** 2), book)).toMatchObject({
    ...{ direction: "SHORT", size: -1 },
  });
  for (const sdThreshold of [0.001, 0.0001])
    expect(returnThresholdSignal(sharp, { ...book, sdThreshold })).toMatchObject({
      ...{ direction: "HOLD", confidence: 0.5, size: 0 },
    });
  const wide = rowOf(0.002, 0.001 ** 2, 0, 0.006 ** 2); // latent variance counts
  expect(returnThresholdSignal(wide, book).direction).toBe("HOLD");
});

test("BN-48: the class rule takes the side whose mean probability exceeds the threshold", () => {
  const up = { up: [0.7, 0.6], neutral: [0.2, 0.2], down: [0.1, 0.2] };
  const down = { up: up.down, neutral: up.neutral, down: up.up };
  const options = { threshold: 0.6, scaled: true };
  expect(sourceClassSignal(up, options)).toMatchObject({
    direction: "LONG",
    probability: expect.closeTo(0.65),
  });
  expect(sourceClassSignal(down, options).direction).toBe("SHORT");
  expect(sourceClassSignal(up, { threshold: 0.66, scaled: true })).toMatchObject({
    direction: "HOLD",
    size: 0,
  });
});

test("BN-46, BN-47, BN-49: the score is Σ Var p, the confidence 1 / (1 + score), the size that or 1", () => {
  const classes = { up: [0.9, 0.7], neutral: [0.1, 0.1], down: [0, 0.2] };
  const scaled = sourceClassSignal(classes, { threshold: 0.6, scaled: true });
  expect(scaled.epistemic).toBeCloseTo(0.02, 12);
  expect(scaled.confidence).toBeCloseTo(1 / 1.02, 12);
  expect(scaled.size).toBe(scaled.confidence);
  expect(sourceClassSignal(classes, { threshold: 0.6, scaled: false }).size).toBe(1);
  expect(scaled.epistemic + scaled.aleatoric).toBeCloseTo(0.8 * 0.2 + 0.1 * 0.9 + 0.1 * 0.9, 12);
});

test("the book's confidence stays above 0.59 even when every draw is certain of another class", () => {
  const worst = { up: [1, 0, 0], neutral: [0, 1, 0], down: [0, 0, 1] };
  expect(sourceClassSignal(worst, { threshold: 0.6, scaled: true }).confidence).toBeCloseTo(0.6, 12);
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

test("VI-33: a record carries direction, probability, confidence, the variances and a signed size", () => {
  expect(edgeSignal(forecast, rule)).toEqual({
    ...{ direction: "LONG", size: 1 },
    ...{ probability: forecast.probabilityUp, confidence: forecast.probabilityUp },
    ...{ aleatoric: ALEATORIC, latent: 0, epistemic: EPISTEMIC },
  });
});

test("the mirror of a forecast is the mirror of its signal", () => {
  const long = edgeSignal(forecast, rule);
  const short = edgeSignal(rowOf(-MEAN, ALEATORIC, EPISTEMIC), rule);
  expect(short).toMatchObject({ direction: "SHORT", size: -long.size });
  expect(short.confidence).toBeCloseTo(long.confidence, 12);
  expect(short.probability).toBeCloseTo(1 - long.probability, 12);
});

test("VI-34: raising the uncertainty of the same forecast turns the trade into HOLD, and so does a higher cost", () => {
  const at = (tau: number, costBps = 5) => edgeSignal(rowOf(MEAN, ALEATORIC, tau ** 2), { ...rule, costBps });
  expect(at(0.0014).direction).toBe("LONG");
  expect(at(0.0016)).toMatchObject({ direction: "HOLD", size: 0 });
  expect(at(0.0005, 14).direction).toBe("LONG");
  expect(at(0.0005, 16).direction).toBe("HOLD");
});

test("latent variance is penalised as epistemic variance is: the same sum, the same decision", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 3e-6, noNaN: true }),
      (part, sum) => {
        const split = edgeSignal(rowOf(MEAN, ALEATORIC, sum - part * sum, part * sum), rule);
        const edge = MEAN - Math.sqrt(sum) - 5e-4;
        if (Math.abs(edge) > 1e-9) expect(split.direction).toBe(edge > 0 ? "LONG" : "HOLD");
      },
    ),
  );
});

test("an edge of one and a half costs is not enough for a rule that asks for two", () => {
  const sharp = rowOf(0.00075, 1e-5, 0);
  expect(edgeSignal(sharp, rule).direction).toBe("LONG");
  expect(edgeSignal(sharp, { ...rule, minEdgeMultiple: 2 }).direction).toBe("HOLD");
});

test("a probability of a half and a little is worth a trade at low cost, where the book holds", () => {
  const small = rowOf(0.0005, 0.0046 ** 2, 1e-8);
  expect(small.probabilityUp).toBeLessThan(0.55);
  expect(edgeSignal(small, { ...rule, costBps: 1 }).direction).toBe("LONG");
});

test("the sign rule takes the side of the mean, however small, and none at zero", () => {
  expect(signSignal(rowOf(1e-12, 1e-4, 1e-4))).toMatchObject({ direction: "LONG", size: 1 });
  expect(signSignal(rowOf(-1e-12, 1e-4, 1e-4))).toMatchObject({ direction: "SHORT", size: -1 });
  expect(signSignal(rowOf(0, 1e-4, 1e-4))).toMatchObject({ direction: "HOLD", size: 0 });
});

test("bad input is refused by name, with what was expected and what came", () => {
  expect(() => sourceSignal([], book)).toThrow("draws: expected at least one number, got none");
  expect(() => sourceSignal([Number.NaN], book)).toThrow("draws[0]: expected a finite number, got NaN");
  expect(() => sourceSignal([1], { ...book, threshold: 0.3 })).toThrow(
    "threshold: expected a probability in [0.5, 1), got 0.3",
  );
  expect(() => sourceSignal([1], { ...book, sdThreshold: 0 })).toThrow(
    "sdThreshold: expected a positive number, got 0",
  );
  const classes = { up: [0.5, 0.5], neutral: [0.5, 0.5], down: [0, 0.5] };
  expect(() => sourceClassSignal(classes, { threshold: 0.6, scaled: true })).toThrow(
    "draw 1: expected three probabilities of sum 1, got 0.5, 0.5, 0.5",
  );
  expect(() => sourceClassSignal({ ...classes, down: [0] }, { threshold: 0.6, scaled: true })).toThrow(
    "down: expected 2 values, got 1",
  );
  expect(() => edgeSignal(forecast, { ...rule, costBps: -1 })).toThrow(
    "costBps: expected zero or more, got -1",
  );
  expect(() => edgeSignal(forecast, { ...rule, epistemicPenalty: Number.NaN })).toThrow(
    "epistemicPenalty: expected zero or more, got NaN",
  );
  expect(() => returnThresholdSignal(forecast, { ...book, threshold: 0.4 })).toThrow("threshold");
});
