/** Limits: never exceeded, never a larger position, always with a reason. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { limitExposure } from "../../lib/live/broker/exposure.js";
import { killSwitch } from "../../lib/live/risk/killSwitch.js";
import { type Circumstances, openRiskLimits, type RiskState } from "../../lib/live/risk/riskLimits.js";
import type { RiskLimitOptions } from "../../lib/live/risk/riskOptions.js";
import { temporaryFolder } from "./paperFixtures.js";

const share = fc.oneof(fc.double({ min: -3, max: 3, noNaN: true }), fc.constant(0));
const book = fc.integer({ min: 1, max: 6 }).chain((assets) =>
  fc.record({
    wanted: fc.array(
      fc.oneof({ weight: 4, arbitrary: share }, { weight: 1, arbitrary: fc.constant(Number.NaN) }),
      {
        minLength: assets,
        maxLength: assets,
      },
    ),
    held: fc.array(share, { minLength: assets, maxLength: assets }),
  }),
);
const level = fc.double({ min: 0.01, max: 4, noNaN: true });
const limits = fc.record(
  { grossExposure: level, netExposure: level, position: level },
  { requiredKeys: [] },
) as fc.Arbitrary<RiskLimitOptions>;

/** What will be held if all is executed at these prices. */
const after = (targets: ArrayLike<number>, held: ArrayLike<number>) =>
  Array.from(targets, (w, a) => (Number.isNaN(w) ? held[a]! : w));
const gross = (shares: readonly number[]) => shares.reduce((sum, w) => sum + Math.abs(w), 0);
const net = (shares: readonly number[]) => Math.abs(shares.reduce((sum, w) => sum + w, 0));
const room = 1 + 1e-12;

test("VI-97: gross, net and single positions never exceed their limits, also with positions that nobody asked to change", () => {
  fc.assert(
    fc.property(book, limits, ({ wanted, held }, options) => {
      const { targets } = limitExposure(Float64Array.from(wanted), Float64Array.from(held), options);
      const shares = after(targets, held);
      expect(gross(shares)).toBeLessThanOrEqual((options.grossExposure ?? Infinity) * room);
      expect(net(shares)).toBeLessThanOrEqual((options.netExposure ?? Infinity) * room + 1e-12);
      for (const w of shares) expect(Math.abs(w)).toBeLessThanOrEqual((options.position ?? Infinity) * room);
    }),
    { numRuns: 2000, seed: 1 },
  );
});

test("VI-97: no limit enlarges a position or turns it, and a tighter limit leaves less of each", () => {
  fc.assert(
    fc.property(
      book,
      limits,
      fc.double({ min: 0.1, max: 1, noNaN: true }),
      ({ wanted, held }, options, tighter) => {
        const of = (o: RiskLimitOptions) =>
          after(limitExposure(Float64Array.from(wanted), Float64Array.from(held), o).targets, held);
        const free = after(wanted, held);
        const loose = of(options);
        const scaled = Object.fromEntries(
          Object.entries(options).map(([name, value]) => [name, Number(value) * tighter]),
        );
        loose.forEach((w, a) => {
          expect(Math.abs(w)).toBeLessThanOrEqual(Math.abs(free[a]!) * room);
          expect(w * free[a]!).toBeGreaterThanOrEqual(0);
        });
        expect(gross(of(scaled))).toBeLessThanOrEqual(gross(loose) * room + 1e-12);
      },
    ),
    { numRuns: 2000, seed: 2 },
  );
});

test("limits that do not bind change nothing and say nothing; those that do say by how much", () => {
  const held = Float64Array.of(0.1, 0.1, 0.4);
  const wanted = Float64Array.of(0.5, -0.2, Number.NaN);
  const same = limitExposure(wanted, held, { grossExposure: 1.2, netExposure: 0.8, position: 0.5 });
  expect(Array.from(same.targets)).toEqual([0.5, -0.2, Number.NaN]);
  expect(same.reasons).toEqual([]);
  const cut = limitExposure(wanted, held, { grossExposure: 0.75 });
  expect(Array.from(cut.targets)).toEqual([expect.closeTo(0.25, 12), expect.closeTo(-0.1, 12), Number.NaN]);
  expect(cut.reasons).toEqual(["gross exposure 1.10 cut to 0.75"]);
  const both = limitExposure(wanted, held, { position: 0.3, netExposure: 0.2 });
  expect(Array.from(both.targets)).toEqual([expect.closeTo(0.2, 12), -0.2, expect.closeTo(0.2, 12)]);
  expect(both.reasons).toEqual(["2 of 3 positions cut to 0.3", "net exposure 0.400 cut to 0.2"]);
});

const NOON = Date.UTC(2025, 0, 1, 12);
const symbols = ["BTC", "ETH"];

function circumstances(
  given: { [K in keyof Circumstances]?: number | readonly number[] } = {},
): Circumstances {
  const row = (name: keyof Circumstances, otherwise: number) =>
    Float64Array.from((given[name] as readonly number[]) ?? [otherwise, otherwise]);
  return {
    time: NOON,
    now: (given.now as number) ?? NOON,
    shares: row("shares", 0),
    modelUncertainty: row("modelUncertainty", 1e-4),
    bookAt: row("bookAt", NOON),
    spreadBps: row("spreadBps", 1),
  };
}

function limited(
  options: RiskLimitOptions,
  targets: readonly number[],
  given: Parameters<typeof circumstances>[0] = {},
) {
  const { targets: left, reasons } = openRiskLimits(options, { symbols, capital: 1 }).limit(
    Float64Array.from(targets),
    circumstances(given),
  );
  return [Array.from(left), reasons];
}

test("on old bars, old or missing books and wide spreads risk is reduced and never taken", () => {
  const stale = { stale: { barMs: 5000 } };
  expect(limited(stale, [0.5, 0.5], { now: NOON + 5000 })).toEqual([[0.5, 0.5], []]);
  expect(limited(stale, [0.5, -0.1], { now: NOON + 5001, shares: [0.2, -0.3] })).toEqual([
    [Number.NaN, -0.1], // 0.5 would be more than is held, −0.1 is less
    ["BTC: bar is 5001 ms old, more than 5000, reduce only"],
  ]);
  expect(limited(stale, [0.5, -0.1], { now: NOON + 9000, shares: [0, 0.3] })).toEqual([
    [0, 0], // nothing is opened, and what would turn is closed
    [
      "BTC: bar is 9000 ms old, more than 5000, reduce only",
      "ETH: bar is 9000 ms old, more than 5000, reduce only",
    ],
  ]);
  expect(limited({ stale: { bookMs: 1000 } }, [0.5, 0.5], { bookAt: [Number.NaN, NOON - 1500] })).toEqual([
    [0, 0],
    ["BTC: no order book, reduce only", "ETH: order book is 1500 ms old, more than 1000, reduce only"],
  ]);
  expect(limited({ spreadBps: 5 }, [0.5, 0.5], { spreadBps: [5, 5.01], shares: [0, 0.1] })).toEqual([
    [0.5, Number.NaN],
    ["ETH: spread is 5.01 bps, more than 5, reduce only"],
  ]);
});

test("reduced only: whatever is wanted and held, nothing grows and nothing turns", () => {
  fc.assert(
    fc.property(share, share, (wanted, held) => {
      const [targets] = limited({ stale: { barMs: 1 } }, [wanted, wanted], {
        now: NOON + 2,
        shares: [held, held],
      });
      const [left] = after(targets as number[], [held, held]);
      expect(Math.abs(left!)).toBeLessThanOrEqual(Math.abs(held));
      expect(left! * held).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 500, seed: 3 },
  );
});

test("too much model uncertainty makes its symbol flat, by a number or by the quantile of its own past", () => {
  expect(
    limited({ modelUncertainty: { above: 1e-4 } }, [0.5, 0.5], { modelUncertainty: [1e-4, 1.1e-4] }),
  ).toEqual([[0.5, 0], ["ETH: model uncertainty 0.000110 exceeds the limit, 0.000100, flat"]]);
  expect(
    limited({ modelUncertainty: { above: 1 } }, [0.5, Number.NaN], {
      modelUncertainty: [Number.NaN, Number.NaN],
    }),
  ).toEqual([[0, Number.NaN], ["BTC: model uncertainty is not known, flat"]]);
  const trailing = { modelUncertainty: { quantile: 0.9, window: 11 } };
  let risk = openRiskLimits(trailing, { symbols, capital: 1 });
  const first = (epistemic: number) =>
    risk.limit(Float64Array.of(0.5, 0.5), circumstances({ modelUncertainty: [epistemic, 5] })).targets[0];
  for (let i = 0; i <= 10; i++) {
    expect(first(1e9)).toBe(0.5); // it knows too little of the past to say
    risk.note(Float64Array.of(i, 5));
  }
  expect([first(9), first(9.001)]).toEqual([0.5, 0]); // 0.9 of 0 … 10
  risk.note(Float64Array.of(100, Number.NaN));
  expect(first(9.5)).toBe(0.5); // of 1 … 10 and 100
  const state: RiskState = JSON.parse(JSON.stringify(risk.state()));
  risk = openRiskLimits(trailing, { symbols, capital: 1, state });
  expect([first(10), first(10.001)]).toEqual([0.5, 0]);
  expect(state.seen.map((values) => values.length)).toEqual([11, 11]);
});

const day = (dayOfMonth: number, hour: number) => Date.UTC(2025, 0, dayOfMonth, hour);

test("after the loss of a day all is flat until the next UTC day, against the equity with which the day began", () => {
  const risk = openRiskLimits({ dailyLoss: { share: 0.05, until: "next day" } }, { symbols, capital: 100 });
  const wants = () => risk.limit(Float64Array.of(0.5, Number.NaN), circumstances());
  const at = (time: number, equity: number) => {
    risk.mark(time, equity);
    return Array.from(wants().targets);
  };
  const free = [0.5, Number.NaN];
  expect(at(day(1, 1), 96)).toEqual(free);
  expect(at(day(1, 2), 95)).toEqual(free); // 5 % and no more
  expect(at(day(1, 3), 94.9)).toEqual([0, 0]);
  expect(wants().reasons).toEqual(["flat: lost 5.10 % on 2025-01-01, more than 5 %"]);
  expect(at(day(1, 4), 120)).toEqual([0, 0]); // no way back on the same day
  expect(at(day(2, 0), 120)).toEqual([0, 0]); // midnight is the last close of the first day
  expect(at(day(2, 1), 115)).toEqual(free);
  expect(at(day(2, 2), 113.9)).toEqual([0, 0]);
  expect(at(day(3, 1), 113.9)).toEqual(free);
});

test("a limit that holds until it is reset outlasts the day and a restart, and is measured anew after the reset", () => {
  const options = { dailyLoss: { share: 0.05, until: "reset" } } as const;
  let risk = openRiskLimits(options, { symbols, capital: 100 });
  const isFlat = () => risk.limit(Float64Array.of(0.5, 0.5), circumstances()).targets[0] === 0;
  risk.mark(day(1, 1), 90);
  risk.mark(day(4, 1), 90);
  expect(isFlat()).toBe(true);
  risk = openRiskLimits(options, { symbols, capital: 100, state: JSON.parse(JSON.stringify(risk.state())) });
  expect(isFlat()).toBe(true);
  risk.reset();
  risk.mark(day(4, 2), 88);
  expect(isFlat()).toBe(false);
  risk.mark(day(4, 3), 85);
  expect(isFlat()).toBe(true);
});

test("the kill switch makes flat for good: no day, no reset and no restart undoes it", () => {
  let risk = openRiskLimits({ dailyLoss: { share: 0.5, until: "next day" } }, { symbols, capital: 1 });
  risk.kill("the operator said so");
  risk.kill("and again");
  risk.reset();
  risk.mark(day(9, 1), 2);
  risk = openRiskLimits({}, { symbols, capital: 1, state: JSON.parse(JSON.stringify(risk.state())) });
  expect(risk.limit(Float64Array.of(0.5, Number.NaN), circumstances())).toEqual({
    targets: Float64Array.of(0, 0),
    reasons: ["flat: the operator said so"],
  });
});

test("a kill switch is thrown by a call or by whatever lies at its path, and stays so", () => {
  const path = join(temporaryFolder(), "kill");
  const byFile = killSwitch(path);
  expect(byFile.thrown()).toBeUndefined();
  writeFileSync(path, "margin call\n");
  expect(byFile.thrown()).toBe(`kill switch ${path}: margin call`);
  rmSync(path);
  expect(byFile.thrown()).toBe(`kill switch ${path}: margin call`);
  mkdirSync(path);
  expect(killSwitch(path).thrown()).toBe(`kill switch ${path}`);
  const byCall = killSwitch();
  byCall.kill("first");
  byCall.kill("second");
  expect(byCall.thrown()).toBe("first");
});

test("limits that make no sense are refused by name", () => {
  const open = (options: RiskLimitOptions) => () => openRiskLimits(options, { symbols, capital: 1 });
  expect(open({ grossExposure: 0 })).toThrow("grossExposure: expected a positive number, got 0");
  expect(open({ stale: { barMs: -1 } })).toThrow("stale.barMs: expected a positive number, got -1");
  expect(open({ dailyLoss: { share: 5, until: "reset" } })).toThrow(
    "dailyLoss.share: expected a share in (0, 1), got 5",
  );
  expect(open({ modelUncertainty: { above: Number.NaN } })).toThrow(
    "modelUncertainty.above: expected a positive number, got NaN",
  );
  expect(open({ modelUncertainty: { quantile: 90, window: 100 } })).toThrow(
    "modelUncertainty.quantile: expected a share in (0, 1)",
  );
  expect(open({ modelUncertainty: { quantile: 0.9, window: 1 } })).toThrow(
    "modelUncertainty.window: expected an integer of at least 2",
  );
});
