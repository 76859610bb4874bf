import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  backendChoice,
  budget,
  claimMode,
  isQuick,
  marketSource,
  threadLimit,
} from "../../lib/core/settings.js";

beforeEach(() => {
  for (const name of ["VITRADE_BUDGET", "MARKET", "VITRADE_BACKEND"]) vi.stubEnv(name, undefined);
});

afterEach(() => {
  vi.unstubAllEnvs();
});

test("at the full budget the numbers are as given", () => {
  expect(budget({ steps: 4000, draws: 3 }, { steps: 10 })).toEqual({ steps: 4000, draws: 3 });
  vi.stubEnv("VITRADE_BUDGET", "full");
  expect(isQuick()).toBe(false);
  expect(budget({ steps: 4000 })).toEqual({ steps: 4000 });
});

test("in a quick run they are an eighth, rounded up, unless named", () => {
  vi.stubEnv("VITRADE_BUDGET", "quick");
  expect(budget({ steps: 4000, draws: 17, chains: 1, seeds: 5 }, { seeds: 2 })).toEqual({
    steps: 500,
    draws: 3,
    chains: 1,
    seeds: 2,
  });
});

test.each([0, -3, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
  "a budget of %d is refused by name",
  (steps) => {
    expect(() => budget({ draws: 8, steps })).toThrow(
      `budget steps: expected a positive integer, got ${steps}`,
    );
  },
);

test("claims are enforced on the simulated market at the full budget, and only there", () => {
  expect(claimMode()).toBe("enforced");
  vi.stubEnv("MARKET", "bybit");
  expect(claimMode()).toBe("reported");
  vi.stubEnv("MARKET", "simulated");
  expect(claimMode()).toBe("enforced");
  vi.stubEnv("VITRADE_BUDGET", "quick");
  expect(claimMode()).toBe("reported");
});

test("the market is simulated unless a name is given, and an empty name is none", () => {
  expect(marketSource()).toBe("simulated");
  vi.stubEnv("MARKET", "");
  expect(marketSource()).toBe("simulated");
  vi.stubEnv("MARKET", "some/folder");
  expect(marketSource()).toBe("some/folder");
});

test("the backend is one of three, auto by default; another is refused with the three", () => {
  expect(backendChoice()).toBe("auto");
  for (const choice of ["auto", "wasm", "native"]) {
    vi.stubEnv("VITRADE_BACKEND", choice);
    expect(backendChoice()).toBe(choice);
  }
  vi.stubEnv("VITRADE_BACKEND", "webgl");
  expect(() => backendChoice()).toThrow("VITRADE_BACKEND: expected auto, wasm or native, got webgl");
  vi.stubEnv("VITRADE_BACKEND", "Wasm");
  expect(() => backendChoice()).toThrow("got Wasm");
});

test("the threads of a training are left open, or a positive integer", () => {
  vi.stubEnv("VITRADE_THREADS", undefined);
  expect(threadLimit()).toBeUndefined();
  vi.stubEnv("VITRADE_THREADS", "3");
  expect(threadLimit()).toBe(3);
  for (const wrong of ["0", "-1", "2.5", "all"]) {
    vi.stubEnv("VITRADE_THREADS", wrong);
    expect(() => threadLimit()).toThrow(`VITRADE_THREADS: expected a positive integer, got ${wrong}`);
  }
});
