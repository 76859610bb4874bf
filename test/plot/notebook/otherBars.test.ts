import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { key } from "../../../lib/core/random.js";
import { simulate } from "../../../lib/market/simulate/simulate.js";
import { type Bundle, display } from "../../../lib/plot/notebook/display.js";
import { finding, marketBanner, notAsked, onlyWith } from "../../../lib/plot/notebook/otherBars.js";

vi.mock("../../../lib/plot/notebook/display.js", () => ({ display: vi.fn() }));

const texts = (): unknown[] =>
  vi.mocked(display).mock.calls.map(([bundle]: [Bundle, ...unknown[]]) => bundle["text/plain"]);

beforeEach(() => {
  vi.mocked(display).mockClear();
  vi.stubEnv("VITRADE_BUDGET", "full");
  vi.stubEnv("MARKET", "simulated");
});
afterEach(() => vi.unstubAllEnvs());

test("what is known is used, and what is not is left out in one line with the reason", () => {
  const known: number[] | undefined = [2, 3];
  expect(onlyWith(known, "there is no truth", (values) => values.length)).toBe(2);
  expect(texts()).toEqual([]);
  expect(
    onlyWith(undefined as number[] | undefined, "their regimes are not known", (v) => v.length),
  ).toBeUndefined();
  expect(onlyWith(1 > 2, "one asset has no partner", () => 1)).toBeUndefined();
  expect(onlyWith(0, "a zero is known", (zero) => zero + 1)).toBe(1);
  expect(texts()).toEqual([
    "Not asked of these bars: their regimes are not known.",
    "Not asked of these bars: one asset has no partner.",
  ]);
  expect(() => notAsked(" ")).toThrow("expected a reason");
});

test("a finding is a title only where the claims that prove it are enforced", () => {
  const title = () => finding("A gain after costs", "Equity after costs");
  expect(title()).toBe("A gain after costs");
  vi.stubEnv("MARKET", "some/folder");
  expect(title()).toBe("Equity after costs");
});

test("the banner names folder, symbols, range and holes of real bars, and is silent on simulated ones", () => {
  const { bars } = simulate({ symbols: ["AAAUSDT", "BBBUSDT"], bars: 49, key: key(1) });
  const holed = bars.map((b) => ({
    ...b,
    openTime: b.openTime.map((t, i) => (i < 48 ? t : t + 2 * b.stepMs)),
  }));
  const market = { source: "three", symbols: ["AAAUSDT", "BBBUSDT"], bars: holed };
  marketBanner({ ...market, simulated: true });
  expect(texts()).toEqual([]);
  marketBanner({ ...market, simulated: false });
  expect(texts()[0]).toContain(
    "Real bars: three, AAAUSDT, BBBUSDT, 49 bars from 2024-01-01 to 2024-01-03, 2 missing between.",
  );
});
