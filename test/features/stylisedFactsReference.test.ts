import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { autocorrelation, mean, quantile } from "../../lib/core/stats.js";
import type { Bars } from "../../lib/core/types.js";
import { hillIndex } from "../../lib/features/facts/dependence.js";
import { dayFacts, jointFacts } from "../../lib/features/facts/jointFacts.js";
import { type StylisedFacts, stylisedFacts } from "../../lib/features/facts/stylisedFacts.js";
import { weekFacts } from "../../lib/features/facts/weekFacts.js";
import {
  correlationRange,
  rollingPairCorrelation,
} from "../../lib/features/indicators/rollingCorrelation.js";
import { logReturns } from "../../lib/features/returns.js";
import { alignBars } from "../../lib/market/bars.js";
import { readFolder } from "../../lib/market/files/folder.js";

const folder = resolve("../shared/data/bybit_perp_1h");
const file = resolve("../shared/data/stylised_facts_dev.json");
const there = existsSync(folder) && existsSync(file);

/** Facts of one definition here and there. */
const SAME: Partial<Record<keyof StylisedFacts, string>> = {
  ...{ skewness: "skew", excessKurtosis: "excess_kurt", winsorisedKurtosis: "excess_kurt_wins0.1%" },
  ...{ returnAutocorrelation1: "acf_r_1", returnAutocorrelation2: "acf_r_2" },
  ...{ returnAutocorrelation24: "acf_r_24", sizeAutocorrelation1: "acf_abs_1" },
  ...{ sizeAutocorrelation6: "acf_abs_6", sizeAutocorrelation24: "acf_abs_24" },
  ...{ sizeAutocorrelation48: "acf_abs_48", sizeAutocorrelation168: "acf_abs_168" },
  ...{ leverage: "leverage_corr_r_t_vs_mean_abs_t+1..24", hillLeft: "hill_left_0.025" },
  ...{ hillRight: "hill_right_0.025", hillSize: "hill_abs_0.025", hillFarSize: "hill_abs_0.01" },
  ...{ rangeOverSize: "mean_hl_over_mean_abs", bodyOverRange: "mean_body_over_range" },
  ...{ rangeAutocorrelation1: "acf_range_1", volumeSizeCorrelation: "corr_vol_abs" },
  ...{ rangeVolumeCorrelation: "corr_range_volume", logVolumeAutocorrelation1: "acf_logvol_1" },
  ...{ logVolumeAutocorrelation24: "acf_logvol_24", logVolumeAutocorrelation168: "acf_logvol_168" },
  ...{ dailyKurtosis: "daily_excess_kurt", dailyLogVolatilityAutocorrelation1: "acf_log_daily_rv_1" },
  dailyLogVolatilityAutocorrelation7: "acf_log_daily_rv_7",
};

/** Facts whose deviations the reference divides by n, the library by n − 1: of n hours, or of n days. */
const DIVISOR: readonly (readonly [keyof StylisedFacts, string, (hours: number) => number])[] = [
  ["annualVolatility", "ann_vol", (n) => Math.sqrt(n / (n - 1))],
  ["deviationOverMad", "std_over_mad", (n) => Math.sqrt(n / (n - 1))],
  ["parkinsonOverClose", "parkinson_over_cc_vol", (n) => Math.sqrt((n - 1) / n)],
  ["logVolumeDeviation", "sd_logvol", (n) => Math.sqrt(n / (n - 1))],
  ["dailyLogVolatilityDeviation", "sd_log_daily_rv", (n) => Math.sqrt(days(n) / (days(n) - 1))],
  ["varianceRatio24", "variance_ratio_24h", (n) => (days(n) / (days(n) - 1)) * ((n - 1) / n)],
];
const days = (hours: number) => Math.floor(hours / 24);

type Numbers = Record<string, number>;

describe.skipIf(!there)(
  `facts measured by other code${there ? "" : " (skipped: no ../shared/data beside the project)"}`,
  () => {
    let [bars, common]: [Bars[], Bars[]] = [[], []];
    let single: Record<string, Numbers> = {};
    let joint: Record<string, unknown> = {};
    const number = (name: string) => joint[name] as number;
    const numbers = (name: string) => joint[name] as number[];
    beforeAll(async () => {
      const { per_asset, panel } = JSON.parse(readFileSync(file, "utf8")).sets["dev/bybit_perp_1h"];
      [single, joint] = [per_asset, panel];
      bars = await readFolder(folder, panel.assets);
      common = alignBars(bars).bars;
    });

    test("27 facts of each of the five symbols agree, and six more but for the divisor n", () => {
      expect(Object.keys(SAME).length + DIVISOR.length).toBe(33);
      for (const b of bars) {
        const [facts, reference] = [stylisedFacts(b), single[b.symbol]!];
        for (const [name, other] of Object.entries(SAME))
          expect(facts[name as keyof StylisedFacts], `${b.symbol} ${name}`).toBeCloseTo(reference[other]!, 9);
        for (const [name, other, ratio] of DIVISOR)
          expect(facts[name] / ratio(reference.n!), `${b.symbol} ${name}`).toBeCloseTo(reference[other]!, 9);
      }
    });

    test("five facts are near, being defined otherwise", () => {
      // Winsorised memory: there the top of |r| is drawn in, here r is; ranks: there ties are broken, here they are shared.
      for (const b of bars) {
        const [facts, reference] = [stylisedFacts(b), single[b.symbol]!];
        const all = logReturns(b).subarray(1).map(Math.abs);
        const top = quantile(all, 0.999);
        const size = all.map((x) => Math.min(x, top));
        for (const lag of [1, 24, 168] as const) {
          const other = reference[`acf_abs_wins_${lag}`]!;
          expect(autocorrelation(size, lag)).toBeCloseTo(other, 9);
          expect(Math.abs(facts[`winsorisedAutocorrelation${lag}`] - other)).toBeLessThan(0.004);
        }
        expect(Math.abs(facts.winsorisedLeverage - reference.leverage_wins!)).toBeLessThan(0.003);
        expect(Math.abs(facts.volumeSizeSpearman - reference.spearman_vol_abs!)).toBeLessThan(0.003);
      }
    });

    test("tails of 1 % of the falls and of the rises", () => {
      for (const b of bars) {
        const r = logReturns(b).subarray(1);
        for (const [tail, name] of [
          [r.map((x) => -x), "hill_left_0.01"],
          [r, "hill_right_0.01"],
        ] as const) {
          const count = Math.floor(0.01 * tail.filter((x) => x > 0).length);
          expect(hillIndex(tail, count)).toBeCloseTo(single[b.symbol]![name]!, 9);
        }
      }
    });

    test("correlations of the five together and the shares of their components agree", () => {
      const facts = jointFacts(common);
      expect(facts.pairCorrelation).toBeCloseTo(number("mean_pair_corr"), 9);
      expect(facts.sizeCorrelation).toBeCloseTo(number("mean_pair_corr_abs"), 9);
      const shares = [facts.component1, facts.component2, facts.component3, facts.component4];
      shares.forEach((share, k) => {
        expect(share).toBeCloseTo(numbers("pca_corr_evr")[k]!, 9);
      });
      // There the market is the mean of standardised returns, here of returns as they are.
      const { down, up } = joint["cond_corr_mkt_q0.1"] as Numbers;
      expect(Math.abs(facts.fallCorrelation - down!)).toBeLessThan(0.015);
      expect(Math.abs(facts.riseCorrelation - up!)).toBeLessThan(0.015);
    });

    test("correlations over 30 days agree where windows half overlap, and hardly differ over all", () => {
      const rolled = rollingPairCorrelation(common, 720);
      const half = rolled.filter((_, t) => t >= 720 && t % 360 === 0);
      const { low5, median, high95 } = correlationRange(common, 720);
      numbers("rolling_30d_mean_corr_p5_p50_p95").forEach((other, i) => {
        expect(quantile(half, [0.05, 0.5, 0.95][i]!)).toBeCloseTo(other, 9);
        expect(Math.abs([low5, median, high95][i]! - other)).toBeLessThan(0.01);
      });
    });

    test("hours and weekdays of |r| agree to the digits that are there, of volume to 2 %", () => {
      // How volume was put in proportion there is not told; dividing by its mean comes within 2 %.
      const [hours, weeks] = [common.map(dayFacts), common.map(weekFacts)];
      const average = (columns: readonly Float64Array[]) =>
        columns[0]!.map((_, i) => mean(columns.map((c) => c[i]!)));
      const [size, volume] = [average(hours.map((h) => h.size)), average(hours.map((h) => h.volume))];
      const [daySize, dayVolume] = [average(weeks.map((w) => w.size)), average(weeks.map((w) => w.volume))];
      const near = (got: Float64Array, name: string, share: number) =>
        numbers(name).forEach((other, i) => {
          expect(Math.abs(got[i]! / other - 1), `${name} ${i}`).toBeLessThan(share);
        });
      near(size, "absret_by_utc_hour", 1e-3);
      near(daySize, "absret_by_weekday_mon0", 1e-3);
      near(volume, "volume_by_utc_hour", 0.02);
      near(dayVolume, "volume_by_weekday_mon0", 0.02);
      const ratio = (x: Float64Array) => Math.max(...x) / Math.min(...x);
      expect(ratio(size)).toBeCloseTo(number("absret_peak_over_trough"), 2);
      expect(Math.abs(ratio(volume) / number("volume_peak_over_trough") - 1)).toBeLessThan(0.02);
      expect([volume.indexOf(Math.max(...volume)), volume.indexOf(Math.min(...volume))]).toEqual([14, 4]);
      for (const { peakHour } of weeks) expect(peakHour).toBe(14);
    });
  },
);
