import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CLAIM_MIME, claim } from "../../../lib/plot/notebook/claim.js";
import { type Bundle, display } from "../../../lib/plot/notebook/display.js";

vi.mock("../../../lib/plot/notebook/display.js", () => ({ display: vi.fn() }));

const shown = (): Bundle[] => vi.mocked(display).mock.calls.map(([bundle]) => bundle);

beforeEach(() => {
  vi.mocked(display).mockClear();
  vi.stubEnv("VITRADE_BUDGET", "full");
  vi.stubEnv("MARKET", "simulated");
});
afterEach(() => vi.unstubAllEnvs());

test("a claim that holds shows its value and interval", () => {
  claim("coverage within 88–92 %", 0.90123456, [0.88, 0.92]);
  expect(shown()).toEqual([
    {
      [CLAIM_MIME]: {
        text: "coverage within 88–92 %",
        ...{ value: 0.901235, low: 0.88, high: 0.92, held: true, measured: false, mode: "enforced" },
      },
      "text/plain": "✓ coverage within 88–92 %: 0.9012 in [0.88, 0.92]",
    },
  ]);
});

test("both ends of the interval belong to it, and it may be open to one side", () => {
  claim("low end", -1, [-1, 1]);
  claim("high end", 1, [-1, 1]);
  claim("no upper end", 5e6, [-0.5, Number.POSITIVE_INFINITY]);
  expect(shown().map((bundle) => bundle["text/plain"])).toEqual([
    "✓ low end: −1 in [−1, 1]",
    "✓ high end: 1 in [−1, 1]",
    "✓ no upper end: 5000000 in [−0.5, ∞)",
  ]);
});

test("the ends of an interval are shown without float noise, and exactly to one part in 10¹²", () => {
  claim("sum", 2, [1.1 * 3 - 3, 3.3699999999999997]);
  claim("thirds", 0.5, [1 / 3, 2 / 3]);
  claim("small", 1e-9, [-(0.1 + 0.2) * 1e-8, 123456.789012]);
  const lines = shown().map((bundle) => String(bundle["text/plain"]));
  expect(lines[0]).toMatch(/in \[0\.3, 3\.37\]$/);
  expect(lines[1]).toMatch(/in \[0\.3333333333333, 0\.6666666666667\]$/);
  expect(lines[2]).toMatch(/in \[−3e−9, 123456\.789012\]$/);
  fc.assert(
    fc.property(fc.double({ min: -1e12, max: 1e12, noNaN: true }), (end) => {
      vi.mocked(display).mockClear();
      claim("end", end, [end, end]);
      const text = /\[(.*), .*\]$/.exec(String(shown()[0]!["text/plain"]))![1]!;
      const read = Number(text.replaceAll("−", "-"));
      expect(Math.abs(read - end)).toBeLessThanOrEqual(1e-12 * Math.abs(end));
    }),
  );
});

test("a claim that does not hold stops the notebook with text, value and interval", () => {
  expect(() => claim("gap below 2 nats", 2.5, [0, 2])).toThrow(
    "claim does not hold: gap below 2 nats: 2.5 not in [0, 2]",
  );
  expect(() => claim("the ELBO rises", false)).toThrow(
    "claim does not hold: the ELBO rises: the condition is false",
  );
  expect(shown()).toEqual([]);
});

test("NaN never holds", () => {
  expect(() => claim("finite", Number.NaN, [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY])).toThrow(
    "finite: NaN not in (−∞, ∞)",
  );
});

test.each([
  ["VITRADE_BUDGET", "quick"],
  ["MARKET", "bybit"],
])("with %s=%s a claim that does not hold is reported and the notebook goes on", (name, value) => {
  vi.stubEnv(name, value);
  claim("gap below 2 nats", 2.5, [0, 2]);
  claim("the ELBO rises", false);
  expect(shown().map((bundle) => bundle["text/plain"])).toEqual([
    "✗ (reported) gap below 2 nats: 2.500 not in [0, 2]",
    "✗ (reported) the ELBO rises",
  ]);
  expect(shown()[0]![CLAIM_MIME]).toMatchObject({ held: false, mode: "reported", value: 2.5 });
});

test("a measured claim leaves the same output whatever was measured", () => {
  claim("a step takes under 50 ms", 12.3456, [0, 50], { measured: true });
  claim("a step takes under 50 ms", 31.9, [0, 50], { measured: true });
  const [first, second] = shown();
  expect(first).toEqual(second);
  expect(JSON.stringify(first)).not.toContain("12.3");
  expect(first!["text/plain"]).toBe("✓ a step takes under 50 ms: in [0, 50]");
});

test("a measured claim that does not hold still names its value in the error", () => {
  expect(() => claim("fast", 99, [0, 50], { measured: true })).toThrow("fast: 99 not in [0, 50]");
});

test("a claim without a text or with a turned interval is refused", () => {
  expect(() => claim(" ", true)).toThrow("claim: expected a sentence, got a blank text");
  expect(() => claim("x", 1, [2, 1])).toThrow('claim "x": expected an interval [low, high], got 2, 1');
  expect(() => claim("x", 1, [Number.NaN, 1])).toThrow("got NaN, 1");
});

test("a claim without a value is not applicable to real bars: neither held nor reported as failed", () => {
  vi.stubEnv("MARKET", "bybit");
  claim("the best forecast correlates with the return", undefined, [0.04, 0.07]);
  claim("the sectors are the market's own", undefined);
  expect(shown().map((bundle) => bundle["text/plain"])).toEqual([
    "– (not applicable to these bars) the best forecast correlates with the return",
    "– (not applicable to these bars) the sectors are the market's own",
  ]);
  expect(shown()[0]![CLAIM_MIME]).toMatchObject({ applicable: false, held: false });
});

test("on the simulated market, whose truth is known, a claim without a value does not hold", () => {
  expect(() => claim("crashes", undefined, [5, 40])).toThrow(
    "claim does not hold: crashes: there is no value",
  );
  vi.stubEnv("VITRADE_BUDGET", "quick");
  claim("crashes", undefined, [5, 40]);
  expect(shown()[0]!["text/plain"]).toBe("✗ (reported) crashes");
});
