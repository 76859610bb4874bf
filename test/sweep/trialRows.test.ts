/** What a study says of its settings, where the answer is known. */
import { describe, expect, test } from "vitest";
import { fold, key, normals } from "../../lib/core/random.js";
import * as sweep from "../../lib/sweep/index.js";
import { sha256 } from "./support.js";

const study = sweep.readStudy({
  name: "known",
  data: { sha256 },
  model: "vae",
  search: { grid: { latent: [2, 4, 8], beta: [1, 2, 4, 8, 16, 32, 64, 128], dropout: [0, 0.1, 0.2] } },
  scores: ["nll", "sharpe"],
});
const luck = normals(fold(key("trial rows"), "luck"), 72);

/** Networks whose score is `of` their settings. */
function rowsBy(of: (settings: sweep.Settings, trial: number) => number): sweep.NetworkRow[] {
  return sweep.trialsOf(study).map(({ trial, settings }) => {
    const score = (value: number) => ({ value, lower: null, upper: null });
    return {
      ...{ network: trial, trial, fold: 0, seed: 0, rung: 0, epochs: 20, settings, bestEpoch: 1 },
      scores: {
        validation_nll: score(of(settings, trial)),
        validation_sharpe: score(0.02 * luck[trial]!),
        validation_sharpe_bars: score(1000),
        validation_sharpe_skew: score(0),
        validation_sharpe_kurtosis: score(3),
        test_sharpe: score(0),
      },
      ...{ seconds: 1, megabytes: 1, host: "known" },
    };
  });
}

describe("importanceOf", () => {
  test("a setting that decides alone has all of the variance, and the others none", () => {
    const found = sweep.importanceOf(study, sweep.trialRows(rowsBy(({ latent }) => Number(latent) ** 2)));
    expect(found.map(({ setting, share }) => [setting, share])).toEqual([
      ["latent", 1],
      ["beta", 0],
      ["dropout", 0],
    ]);
  });

  test("where all is luck every share is small", () => {
    const found = sweep.importanceOf(study, sweep.trialRows(rowsBy((_, trial) => luck[trial]!)));
    for (const { share } of found) expect(share).toBeLessThan(0.2);
  });

  test("more than six values are told apart by quarters of their range", () => {
    const found = sweep.importanceOf(
      study,
      sweep.trialRows(rowsBy(({ beta }) => (Number(beta) > 8 ? 1 : 0))),
    );
    expect(found[0]).toEqual({ setting: "beta", levels: 4, share: 1 });
  });
});

describe("searchedSharpe", () => {
  test("the best of ratios without skill is charged for every setting, and is not significant", () => {
    const found = sweep.searchedSharpe(study, sweep.trialRows(rowsBy(() => 0)))!;
    expect(found.deflated.trials).toMatchObject({ count: 72, source: "independent" });
    expect(found.validation).toBe(0.02 * Math.max(...luck));
    expect(found.deflated.benchmark).toBeGreaterThan(0.03);
    expect(found.deflated.probability).toBeLessThan(0.95);
  });

  test("settings that have no rows are charged for too", () => {
    const half = sweep.trialRows(rowsBy(() => 0).filter(({ trial }) => trial % 2 === 0));
    expect(sweep.searchedSharpe(study, half)!.deflated.trials.count).toBe(72);
  });
});

test("ranked puts the least loss first and leaves out what was given up", () => {
  const rows = rowsBy((_, trial) => -trial).map((row) => (row.trial === 71 ? { ...row, epochs: 5 } : row));
  expect(
    sweep
      .ranked(study, sweep.trialRows(rows))
      .map(({ trial }) => trial)
      .slice(0, 2),
  ).toEqual([70, 69]);
});
