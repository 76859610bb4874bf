import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { fold, key, normals, uniforms } from "../../../lib/core/random.js";
import { correlation, mean } from "../../../lib/core/stats.js";
import type { Bars } from "../../../lib/core/types.js";
import {
  blockSums,
  hillIndex,
  leverage,
  ljungBox,
  rawKurtosis,
  spearman,
  winsorised,
} from "../../../lib/features/facts/dependence.js";
import { type DayFacts, dayFacts, jointFacts } from "../../../lib/features/facts/jointFacts.js";
import {
  type FactName,
  factRanges,
  factsOverWindows,
  HALF_YEARS,
} from "../../../lib/features/facts/rangesOfFacts.js";
import { REAL_RANGES } from "../../../lib/features/facts/realRanges.js";
import { stylisedFacts } from "../../../lib/features/facts/stylisedFacts.js";
import { readFolder } from "../../../lib/market/files/folder.js";
import { simulate } from "../../../lib/market/simulate/simulate.js";

const root = key("facts");
const five = ["BNBUSDT", "BTCUSDT", "ETHUSDT", "SOLUSDT", "WIFUSDT"];

test("a normal has kurtosis 3, no memory and no leverage; its ranks correlate as it does", () => {
  const x = normals(fold(root, "x"), 100_000);
  expect(Math.abs(rawKurtosis(x) - 3)).toBeLessThan(4 * Math.sqrt(24 / 100_000));
  expect(Math.abs(leverage(x, 24))).toBeLessThan(4 / Math.sqrt(100_000));
  expect(ljungBox(x, 10)).toBeLessThan(30);
  const y = normals(fold(root, "y"), 100_000).map((e, i) => 0.6 * x[i]! + 0.8 * e);
  expect(Math.abs(spearman(x, y) - (6 / Math.PI) * Math.asin(0.3))).toBeLessThan(0.01);
});

test("Hill's index finds the exponent of a Pareto tail", () => {
  const pareto = uniforms(fold(root, "pareto"), 100_000).map((u) => u ** (-1 / 3));
  expect(Math.abs(hillIndex(pareto, 2500) - 3)).toBeLessThan((4 * 3) / Math.sqrt(2500));
  expect(() => hillIndex([1, 2, -3], 2)).toThrow("expected more than 2 positive values, got 2");
});

test("ranks share what is tied, blocks leave out the incomplete, winsorising draws in", () => {
  expect(spearman([1, 1, 2], [5, 5, 9])).toBeCloseTo(1, 12);
  expect(Array.from(blockSums(Float64Array.of(1, 2, 3, 4, 5), 2))).toEqual([3, 7]);
  expect(
    Math.max(
      ...winsorised(
        Float64Array.from({ length: 101 }, (_, i) => i),
        0.1,
      ),
    ),
  ).toBeCloseTo(90, 12);
});

test("leverage is the correlation of a return with the mean size of the bars that follow", () => {
  const r = normals(fold(root, "leverage"), 300);
  const next = Array.from({ length: 298 }, (_, t) => (Math.abs(r[t + 1]!) + Math.abs(r[t + 2]!)) / 2);
  expect(leverage(r, 2)).toBeCloseTo(correlation(r.subarray(0, 298), next), 12);
});

test("every stylised fact of the simulated market lies in the range of real half-years", () => {
  const facts = {} as Record<FactName, number[]>;
  for (const path of [0, 1, 2]) {
    const { bars } = simulate({ symbols: five, bars: 16_199, key: fold(root, "path", path) });
    for (const [name, values] of Object.entries(factsOverWindows(bars, HALF_YEARS)))
      facts[name as FactName] = [...(facts[name as FactName] ?? []), ...values];
  }
  const outside = Object.entries(factRanges(facts)).filter(([name, [, middle]]) => {
    const [low, , high] = REAL_RANGES[name as FactName];
    return middle < low || middle > high;
  });
  expect(outside).toEqual([]);
});

/** The hour in which most is traded, on average over symbols. */
function busiest(days: readonly DayFacts[]): number {
  const volume = Array.from({ length: 24 }, (_, h) => mean(days.map((d) => d.volume[h]!)));
  return volume.indexOf(Math.max(...volume));
}

const folder = resolve("../shared/data/bybit_perp_1h");
const there = existsSync(folder);
describe.skipIf(!there)(
  `real bars${there ? "" : " (skipped: no ../shared/data/bybit_perp_1h beside the project)"}`,
  () => {
    let bars: Bars[] = [];
    beforeAll(async () => {
      bars = await readFolder(folder, five);
    });

    test("the facts of BTC are those measured by other code on the same bars", () => {
      const facts = stylisedFacts(bars[1]!);
      const reference = {
        ...{ skewness: -0.17327214913, excessKurtosis: 9.81100274686, winsorisedKurtosis: 6.82002642105 },
        ...{ returnAutocorrelation1: -0.01644871358, sizeAutocorrelation1: 0.27235127904 },
        ...{ sizeAutocorrelation168: 0.15736082673, leverage: -0.03761021026, hillLeft: 3.09811692412 },
        ...{ hillRight: 3.16749563669, hillSize: 3.14806945984, hillFarSize: 3.64958521032 },
        ...{ volumeSizeCorrelation: 0.6588976456, logVolumeAutocorrelation24: 0.3542074068 },
        ...{ dailyKurtosis: 1.57652050312, dailyLogVolatilityAutocorrelation7: 0.49559959631 },
      };
      for (const [name, value] of Object.entries(reference))
        expect(facts[name as keyof typeof facts]).toBeCloseTo(value, 8);
    });

    test("the ranges that the library holds are those of the bars", () => {
      for (const [name, range] of Object.entries(factRanges(factsOverWindows(bars, HALF_YEARS))))
        range.forEach((value, i) => {
          const held = REAL_RANGES[name as FactName][i]!;
          expect(Math.abs(value - held), name).toBeLessThanOrEqual(6e-4 * Math.abs(held));
        });
    });

    test("hours and weekends: busiest at 14 UTC, quiet at the weekend, as simulated", () => {
      const [real, made] = [bars, simulate({ symbols: five, bars: 16_199, key: root }).bars].map((all) =>
        all.map(dayFacts),
      );
      for (const days of [real!, made!]) expect(busiest(days)).toBe(14);
      for (const name of ["weekendSize", "weekendVolume"] as const) {
        const [life, simulation] = [real!, made!].map((days) => mean(days.map((d) => d[name])));
        expect(Math.abs(life! - simulation!), name).toBeLessThan(0.08);
      }
    });

    test("falls couple the five assets more than rises do", () => {
      const { fallCorrelation, riseCorrelation, component1 } = jointFacts(
        bars.map((b) => ({
          ...b,
          openTime: b.openTime,
          close: b.close.slice(-15_600),
          high: b.high,
          low: b.low,
        })),
      );
      expect(fallCorrelation).toBeGreaterThan(riseCorrelation + 0.1);
      expect(component1).toBeGreaterThan(0.7);
    });
  },
);
