import { expect, test } from "vitest";
import { key, normals } from "../../lib/core/random.js";
import { aggregate } from "../../lib/live/aggregate.js";
import {
  bookClassRule,
  bookRule,
  edgeRule,
  edgeScreen,
  shareByDoubt,
  shareByVolatility,
} from "../../lib/live/rules.js";
import { riskAll, sizeAll } from "../../lib/live/stages.js";
import { bookSignal, edgeSignal } from "../../lib/trading/signal.js";
import { gaussianKelly, pessimisticSize } from "../../lib/trading/size.js";

/** Fifty draws whose mean has doubt `tau`, of noise `sigma`. */
function outlookOf(mean: number, tau: number, sigma: number) {
  const z = normals(key("rules"), 50);
  const centre = z.reduce((sum, v) => sum + v, 0) / 50;
  const spread = Math.sqrt(z.reduce((sum, v) => sum + (v - centre) ** 2, 0) / 50);
  const means = z.map((v) => mean + (tau * (v - centre)) / spread);
  const returns = { draws: 50, mean: means, variance: means.map(() => sigma ** 2) };
  return aggregate({ draws: 50, rows: 1, returns }, 0, { unit: { centre: 0, deviation: 1 }, level: 0.9 });
}

// VI-30, VI-31, VI-32, VI-96
test("the book's rule: LONG above 0.7, SHORT in the mirror, HOLD where the deviation is too large", () => {
  const rule = bookRule({ threshold: 0.7, sdThreshold: 0.01, of: "means" });
  expect(rule(outlookOf(0.002, 0.001, 0.02))).toEqual(
    bookSignal(outlookOf(0.002, 0.001, 0.02).means, { threshold: 0.7, sdThreshold: 0.01 }),
  );
  expect(rule(outlookOf(0.002, 0.001, 0.02)).direction).toBe("LONG");
  expect(rule(outlookOf(-0.002, 0.001, 0.02)).direction).toBe("SHORT");
  expect(rule(outlookOf(0.02, 0.015, 0.02))).toMatchObject({ direction: "HOLD", confidence: 0.5, size: 0 });
});

test("read off the law, the same rule knows the noise: what its draws agree on may be a coin's throw", () => {
  const law = bookRule({ threshold: 0.7, sdThreshold: 0.1, of: "law" });
  expect(law(outlookOf(0.002, 0.001, 0.02)).direction).toBe("HOLD");
  expect(law(outlookOf(0.002, 0.0001, 0.001))).toMatchObject({ direction: "LONG", size: 1 });
  expect(law(outlookOf(-0.002, 0.0001, 0.001))).toMatchObject({ direction: "SHORT", size: -1 });
  const strict = bookRule({ threshold: 0.7, sdThreshold: 0.0005, of: "law" });
  expect(strict(outlookOf(0.002, 0.0001, 0.001)).direction).toBe("HOLD");
  expect(() => bookRule({ threshold: 0.4, sdThreshold: 1, of: "law" })(outlookOf(0, 1, 1))).toThrow(
    "threshold",
  );
});

test("BN-72: the edge rule is `edgeSignal` with a whole position, and its screen passes what it would trade", () => {
  const costs = { costBps: 10, edgeInCosts: 1.5 };
  const rule = edgeRule({ ...costs, caution: 0 });
  for (const mean of [-0.004, -0.0014, 0, 0.0014, 0.0016, 0.004]) {
    const outlook = outlookOf(mean, 0.001, 0.02);
    expect(rule(outlook)).toEqual(edgeSignal(outlook, { ...costs, caution: 0, size: () => 1 }));
    expect(edgeScreen(costs, 1)(outlook)).toBe(rule(outlook).direction !== "HOLD");
    if (edgeScreen(costs, 1)(outlook)) expect(edgeScreen(costs, 0.5)(outlook)).toBe(true);
  }
  expect(() => edgeScreen(costs, 2)).toThrow("share");
});

test("the rule on classes asks for a direction head", () => {
  const rule = bookClassRule({ threshold: 0.6, scaled: true });
  expect(() => rule(outlookOf(0, 1, 1))).toThrow("expected a model with a direction head");
  const classes = { up: [0.7, 0.8], neutral: [0.2, 0.1], down: [0.1, 0.1] };
  expect(rule({ ...outlookOf(0, 1, 1), classes }).direction).toBe("LONG");
});

// VI-97
test("over the doubts a market shows, every risk rule but the noise's gives less for more, and by a factor", () => {
  const doubts = Array.from({ length: 25 }, (_, i) => 1e-4 * 10 ** (i / 12)); // 1 bp to 100 bp
  const rules = {
    doubt: shareByDoubt({ share: 0.2, meanSquare: 0.001 ** 2 }),
    kelly: gaussianKelly,
    pessimistic: pessimisticSize,
    volatility: shareByVolatility({ annualTarget: 0.2, barsPerYear: 8760 }),
  };
  for (const [name, rule] of Object.entries(rules)) {
    const sizes = doubts.map((tau) => rule(outlookOf(0.002, tau, 0.008)));
    for (let i = 1; i < sizes.length; i++) expect(sizes[i], name).toBeLessThanOrEqual(sizes[i - 1]!);
    expect(sizes[0]! / Math.max(sizes.at(-1)!, 1e-9), name).toBeGreaterThan(1.5);
  }
  expect(rules.doubt(outlookOf(0.002, 0.001, 0.008))).toBeCloseTo(0.1, 10); // τ² is the mean square: one half
});

test("the risk scales the rule's own size, keeps its side, and a size of nothing is HOLD", () => {
  const outlook = outlookOf(-0.002, 0.0001, 0.01);
  const short = edgeRule({ costBps: 1, edgeInCosts: 1, caution: 0 })(outlook);
  expect(riskAll([short], [outlook], () => 0.3)[0]).toMatchObject({ direction: "SHORT", size: -0.3 });
  expect(riskAll([{ ...short, size: -0.5 }], [outlook], () => -0.3)[0]!.size).toBe(-0.15);
  expect(riskAll([short], [outlook], () => 0)[0]).toMatchObject({ direction: "HOLD", size: 0 });
  const hold = { ...short, direction: "HOLD" as const, size: 0 };
  expect(riskAll([hold], [outlook], () => 9)[0]).toBe(hold);
});

test("limits: each symbol first, then all together; no candle, no change", () => {
  const signal = (size: number) => ({
    ...edgeRule({ costBps: 0, edgeInCosts: 0, caution: 0 })(outlookOf(1, 1, 1)),
    size,
  });
  const limits = { perSymbol: 0.4, gross: 0.6 };
  const targets = sizeAll([signal(2), signal(-0.4), undefined, signal(0)], [true, true, false, true], limits);
  expect(targets[0]).toBeCloseTo(0.3, 12);
  expect(targets[1]).toBeCloseTo(-0.3, 12);
  expect(targets[2]).toBeNaN();
  expect(targets[3]).toBe(0);
});
