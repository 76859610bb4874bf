import fc from "fast-check";
import { expect, test } from "vitest";
import { type Exposure, exposureFraction, riskAction } from "../../../lib/trading/decisions/hedge.js";
import { edgeSignal } from "../../../lib/trading/decisions/signal.js";
import { pessimisticSize } from "../../../lib/trading/decisions/size.js";

const rule = { full: 0.05, none: 0.25 };

test("BN-04: 68 % ± 3 % is held in full, 65 % ± 15 % is halved", () => {
  expect(exposureFraction(0.03, rule)).toBe(1);
  expect(exposureFraction(0.15, rule)).toBeCloseTo(0.5, 12);
});

test("BN-36: exposure falls with the epistemic deviation, from all to nothing", () => {
  expect([0, 0.05, 0.1, 0.2, 0.25, 9].map((u) => exposureFraction(u, rule))).toEqual(
    [1, 1, 0.75, 0.25, 0, 0].map((share) => expect.closeTo(share, 12)),
  );
});

test("VI-97: over the uncertainties of an hourly model the sizes really vary, and the book's confidence does not", () => {
  const forecast = (tau: number) => ({
    ...{ asset: 0, decidedAt: 0, probabilityUp: 0.55 },
    ...{ mean: 0.0008, aleatoric: 0.006 ** 2, latent: 0, epistemic: tau ** 2 },
  });
  const realistic = [0.0001, 0.0003, 0.0006];
  const pessimistic = realistic.map((tau) => pessimisticSize(forecast(tau)));
  expect(pessimistic[0]! / pessimistic[2]!).toBeGreaterThan(3);
  const share = realistic.map((tau) => exposureFraction(tau, { full: 0.0002, none: 0.0008 }));
  expect(share[0]! / share[2]!).toBeGreaterThan(2.5);
  const book = realistic.map((tau) => 1 / (1 + tau ** 2));
  expect(book[0]! / book[2]!).toBeLessThan(1.000001);
  const signals = [0.0001, 0.0009].map((tau) =>
    edgeSignal(forecast(tau), { costBps: 2, minEdgeMultiple: 1, epistemicPenalty: 1 }),
  );
  expect(signals.map((s) => s.direction)).toEqual(["LONG", "HOLD"]);
});

const position: Exposure = {
  weight: 0.5,
  mean: 0.002,
  aleatoric: 0.04 ** 2,
  beta: 1.5,
  marketVariance: 0.02 ** 2,
};

test("BN-37: a calm position is accepted, a wild one reduced or hedged, whichever earns more after the hedge's cost", () => {
  expect(riskAction(position, { limit: 0.02, costBps: 5 })).toMatchObject({ action: "accept", weight: 0.5 });
  const cheap = riskAction(position, { limit: 0.014, costBps: 1 });
  expect(cheap.action).toBe("hedge");
  expect(cheap.hedge).toBeCloseTo(-0.75, 12);
  expect(cheap.expected).toBeCloseTo(0.5 * 0.002 - 0.75e-4, 12);
  expect(cheap.deviation).toBeCloseTo(0.5 * Math.sqrt(0.04 ** 2 - 0.03 ** 2), 12);
  const dear = riskAction(position, { limit: 0.014, costBps: 10 });
  expect(dear).toMatchObject({
    action: "reduce",
    weight: expect.closeTo(0.35, 12),
    expected: expect.closeTo(0.0007, 12),
  });
});

test("BN-37: whatever is done, the deviation of weight and hedge together is as stated and within the limit", () => {
  const exposures = fc.record({
    weight: fc.double({ min: -2, max: 2, noNaN: true }),
    mean: fc.double({ min: -0.01, max: 0.01, noNaN: true }),
    own: fc.double({ min: 0, max: 0.001, noNaN: true }),
    beta: fc.double({ min: -2, max: 2, noNaN: true }),
    marketVariance: fc.double({ min: 1e-5, max: 0.001, noNaN: true }),
  });
  fc.assert(
    fc.property(exposures, ({ own, ...rest }) => {
      const aleatoric = own + rest.beta ** 2 * rest.marketVariance;
      const { weight, hedge, deviation } = riskAction({ ...rest, aleatoric }, { limit: 0.01, costBps: 3 });
      const variance = weight ** 2 * own + (weight * rest.beta + hedge) ** 2 * rest.marketVariance;
      expect(deviation).toBeLessThanOrEqual(0.01 + 1e-12);
      expect(Math.sqrt(variance)).toBeCloseTo(deviation, 9);
    }),
  );
});

test("bad input is refused by name", () => {
  expect(() => exposureFraction(-1, rule)).toThrow("deviation: expected zero or more, got -1");
  expect(() => exposureFraction(1, { full: 0.3, none: 0.3 })).toThrow(
    "none: expected more than full = 0.3, got 0.3",
  );
  expect(() => riskAction({ ...position, beta: 3 }, { limit: 1, costBps: 0 })).toThrow(
    "aleatoric: expected at least",
  );
  expect(() => riskAction(position, { limit: 0, costBps: 0 })).toThrow("limit: expected a positive number");
});
