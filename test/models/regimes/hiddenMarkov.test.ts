import { beforeAll, expect, test } from "vitest";
import { fromRows } from "../../../lib/core/linalg.js";
import { fold, key, normals, uniforms } from "../../../lib/core/random.js";
import { adjustedRandIndex } from "../../../lib/models/regimes/clusterScores.js";
import {
  filteredStates,
  filterStep,
  type HiddenMarkov,
  predictedStates,
  smoothedStates,
  viterbi,
} from "../../../lib/models/regimes/forwardBackward.js";
import { likeliest } from "../../../lib/models/regimes/gaussianMixture.js";
import {
  fitHiddenMarkov,
  type HiddenMarkovFit,
  type HiddenMarkovOptions,
} from "../../../lib/models/regimes/hiddenMarkov.js";
import { unbrokenLengths } from "../../../lib/models/regimes/seriesLayout.js";
import { normalLogDensity } from "../../../lib/prob/distributions/gaussian.js";

const HOUR = 3_600_000;

const small: HiddenMarkov = {
  ...{ columns: 1, mean: Float64Array.of(0, 1, -0.5), initial: Float64Array.of(0.5, 0.2, 0.3) },
  covariance: [[[0.5]], [[1]], [[2]]].map(fromRows),
  transition: fromRows([
    [0.7, 0.2, 0.1],
    [0.3, 0.6, 0.1],
    [0, 0.5, 0.5],
  ]),
};
const seen = Float64Array.of(0.3, 1.4, 1.1, -1.8, 0.2);

/** All paths of states over the first `rows` rows with their joint probability with those rows. */
function allPaths(model: HiddenMarkov, x: Float64Array, rows: number): { path: number[]; joint: number }[] {
  let paths = [{ path: [] as number[], joint: 1 }];
  for (let t = 0; t < rows; t++) {
    paths = paths.flatMap(({ path, joint }) =>
      [0, 1, 2].map((k) => {
        const move = t === 0 ? model.initial[k]! : model.transition.get(path[t - 1]!, k);
        const sd = Math.sqrt(model.covariance[k]!.get(0, 0));
        return {
          path: [...path, k],
          joint: joint * move * Math.exp(normalLogDensity(x[t]!, model.mean[k]!, sd)),
        };
      }),
    );
  }
  return paths;
}

const total = (paths: readonly { joint: number }[]) => paths.reduce((sum, { joint }) => sum + joint, 0);

test("filtered states and likelihood are sums over all paths up to each row", () => {
  const { probability, logPredictive } = filteredStates(small, seen);
  let logLikelihood = 0;
  for (let t = 0; t < seen.length; t++) {
    const paths = allPaths(small, seen, t + 1);
    logLikelihood += logPredictive[t]!;
    expect(logLikelihood).toBeCloseTo(Math.log(total(paths)), 12);
    for (let k = 0; k < 3; k++) {
      const share = total(paths.filter(({ path }) => path[t] === k)) / total(paths);
      expect(probability[t * 3 + k]).toBeCloseTo(share, 12);
    }
  }
});

test("smoothed states are sums over all paths, and the likeliest path is the likeliest of all", () => {
  const paths = allPaths(small, seen, seen.length);
  const smoothed = smoothedStates(small, seen);
  smoothed.forEach((value, i) => {
    const share = total(paths.filter(({ path }) => path[Math.floor(i / 3)] === i % 3)) / total(paths);
    expect(value).toBeCloseTo(share, 12);
  });
  const best = paths.reduce((a, b) => (b.joint > a.joint ? b : a));
  expect(Array.from(viterbi(small, seen))).toEqual(best.path);
});

test("changing a later row leaves the filtered states as they were, but not the smoothed ones", () => {
  const poked = seen.slice();
  poked[3] = 6;
  const [before, after] = [seen, poked].map((x) => filteredStates(small, x)) as [
    ReturnType<typeof filteredStates>,
    ReturnType<typeof filteredStates>,
  ];
  expect(after.probability.slice(0, 9)).toEqual(before.probability.slice(0, 9));
  expect(after.logPredictive.slice(0, 3)).toEqual(before.logPredictive.slice(0, 3));
  expect(after.probability[9]).not.toBeCloseTo(before.probability[9]!, 2);
  expect(smoothedStates(small, poked)[6]).not.toBeCloseTo(smoothedStates(small, seen)[6]!, 2);
  expect(filteredStates(small, seen.subarray(0, 3)).probability).toEqual(before.probability.slice(0, 9));
});

// BV-35
test("a live feed that filters row by row arrives where the batch does", () => {
  const { probability } = filteredStates(small, seen);
  let states: Float64Array | undefined;
  seen.forEach((value, t) => {
    states = filterStep(small, Float64Array.of(value), states && { filtered: states, elapsedMs: HOUR });
    expect(states).toEqual(probability.slice(t * 3, t * 3 + 3));
  });
  const next = predictedStates(small, states);
  expect(next.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  expect(predictedStates(small)).toEqual(small.initial);
});

test("series side by side are filtered as if alone", () => {
  const both = Float64Array.from([...seen, ...seen.subarray(1)]);
  const layout = { lengths: [5, 4] };
  const apart = (of: (x: Float64Array) => ArrayLike<number>) => [
    ...Array.from(of(seen)),
    ...Array.from(of(seen.subarray(1))),
  ];
  const filtered = apart((x) => filteredStates(small, x).probability);
  expect(Array.from(filteredStates(small, both, layout).probability)).toEqual(filtered);
  const smoothed = apart((x) => smoothedStates(small, x));
  expect(Array.from(smoothedStates(small, both, layout))).toEqual(smoothed);
  expect(Array.from(viterbi(small, both, layout))).toEqual(apart((x) => viterbi(small, x)));
  expect(() => viterbi(small, both, { lengths: [5, 5] })).toThrow(
    "lengths: expected a total of 9 rows, got 10",
  );
});

test("a row that no state foresees leaves probabilities that sum to one", () => {
  const { probability, logPredictive } = filteredStates(small, Float64Array.of(0, 500, 0));
  for (let t = 0; t < 3; t++) {
    expect(probability.slice(t * 3, t * 3 + 3).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  }
  expect(logPredictive[1]).toBeLessThan(-5e4);
});

const planted: HiddenMarkov = {
  ...{ columns: 2, mean: Float64Array.of(0.5, 0, -1, 1), initial: Float64Array.of(1, 0) },
  covariance: [
    fromRows([
      [0.5, 0.2],
      [0.2, 0.4],
    ]),
    fromRows([
      [2, -0.6],
      [-0.6, 1.5],
    ]),
  ],
  transition: fromRows([
    [0.97, 0.03],
    [0.06, 0.94],
  ]),
};

/** Rows and states of the planted model. */
function plantedRows(rows: number): { x: Float64Array; truth: Uint8Array } {
  const k = key("planted");
  const u = uniforms(fold(k, "moves"), rows);
  const z = normals(fold(k, "noise"), rows * 2);
  const truth = new Uint8Array(rows);
  const x = new Float64Array(rows * 2);
  for (let t = 0; t < rows; t++) {
    const before = truth[Math.max(0, t - 1)]!;
    const state = t > 0 && u[t]! > planted.transition.get(before, before) ? 1 - before : before;
    truth[t] = state;
    const cov = planted.covariance[state]!;
    const first = Math.sqrt(cov.get(0, 0));
    const slope = cov.get(1, 0) / first;
    x[2 * t] = planted.mean[2 * state]! + first * z[2 * t]!;
    x[2 * t + 1] =
      planted.mean[2 * state + 1]! +
      slope * z[2 * t]! +
      Math.sqrt(cov.get(1, 1) - slope ** 2) * z[2 * t + 1]!;
  }
  return { x, truth };
}

const { x, truth } = plantedRows(6000);
const time = Float64Array.from({ length: 6000 }, (_, t) => t * HOUR);
const options: HiddenMarkovOptions = {
  ...{ time, columns: 2, states: 2, covariance: "full", key: key("fit"), starts: 3, sweeps: 200 },
};
let fit: HiddenMarkovFit;
beforeAll(() => {
  fit = fitHiddenMarkov(x, options);
});

// VI-86
test("Baum–Welch recovers the planted model", () => {
  expect(fit).toMatchObject({ converged: true, degenerate: 0 });
  planted.mean.forEach((value, i) => {
    expect(Math.abs(fit.mean[i]! - value)).toBeLessThan(0.1);
  });
  for (let k = 0; k < 2; k++) {
    planted.covariance[k]!.to1DArray().forEach((value, i) => {
      expect(Math.abs(fit.covariance[k]!.to1DArray()[i]! - value)).toBeLessThan(0.15);
    });
    expect(Math.abs(fit.transition.get(k, k) - planted.transition.get(k, k))).toBeLessThan(0.015);
  }
});

test("the likelihood rises with every sweep and ends above that of the truth", () => {
  for (let i = 1; i < fit.history.length; i++) expect(fit.history[i]).toBeGreaterThan(fit.history[i - 1]!);
  const own = filteredStates(fit, x, { time }).logPredictive.reduce((a, b) => a + b, 0);
  expect(fit.logLikelihood).toBeCloseTo(own, 6);
  expect(own).toBeGreaterThan(filteredStates(planted, x).logPredictive.reduce((a, b) => a + b, 0));
});

test("hindsight finds regimes better than filtering, and both better than rows on their own", () => {
  const agreement = (label: ArrayLike<number>) => adjustedRandIndex(label, truth);
  const filtered = agreement(likeliest(filteredStates(fit, x, { time }).probability, 2));
  const smoothed = agreement(likeliest(smoothedStates(fit, x, { time }), 2));
  const memoryless: HiddenMarkov = {
    ...fit,
    transition: fromRows([
      [0.7, 0.3],
      [0.7, 0.3],
    ]),
  };
  const alone = agreement(likeliest(filteredStates(memoryless, x, { time }).probability, 2));
  expect(smoothed).toBeGreaterThan(filtered + 0.02);
  expect(filtered).toBeGreaterThan(alone + 0.1);
  expect(agreement(viterbi(fit, x, { time }))).toBeGreaterThan(filtered);
});

test("equal keys give equal models, and the criterion of Schwarz prefers two states to one and to three", () => {
  const of = (states: number) =>
    fitHiddenMarkov(x.subarray(0, 4000), { ...options, time: time.subarray(0, 2000), states, starts: 2 });
  const [one, two, again, three] = [of(1), of(2), of(2), of(3)];
  expect(again).toEqual(two);
  expect(two.bic).toBeLessThan(one.bic);
  expect(two.bic).toBeLessThan(three.bic);
  expect(one.transition.to1DArray()).toEqual([1]);
});

test("series with a break between them are no move from one to the next", () => {
  const series = Float64Array.from([...new Array(30).fill(0), ...new Array(30).fill(9)]).map(
    (level, t) => level + Math.sin(7 * t),
  );
  const one: HiddenMarkovOptions = { ...options, time: time.subarray(0, 60), columns: 1, starts: 1 };
  const joined = fitHiddenMarkov(series, one);
  const broken = fitHiddenMarkov(series, { ...one, lengths: [30, 30] });
  expect(joined.transition.get(0, 0) + joined.transition.get(1, 1)).toBeCloseTo(2 - 1 / 30, 6);
  expect(broken.transition.get(0, 0) + broken.transition.get(1, 1)).toBeCloseTo(2, 6);
  expect(broken.initial[0]).toBeCloseTo(0.5, 6);
});

test("rows that are not as far apart as those of the fit are refused with both distances, wherever they come from", () => {
  const rows = x.subarray(0, 40);
  const twice = Float64Array.from({ length: 20 }, (_, t) => 2 * t * HOUR);
  const message = "time[1]: expected rows 3600000 ms apart, as those of the fit, got 7200000 ms";
  expect(fit.stepMs).toBe(HOUR);
  for (const of of [filteredStates, smoothedStates, viterbi]) {
    expect(() => of(fit, rows, { time: twice })).toThrow(message);
    expect(() => of(fit, rows)).toThrow(
      "time: expected that of each row, as the model was fitted on rows 3600000 ms apart",
    );
  }
  const before = { filtered: Float64Array.of(0.5, 0.5), elapsedMs: 2 * HOUR };
  expect(() => filterStep(fit, x.subarray(0, 2), before)).toThrow(
    "elapsedMs: expected rows 3600000 ms apart",
  );
});

test("a fit refuses rows that are not equally far apart, or no two of which follow one another", () => {
  const few = { ...options, starts: 1, sweeps: 3 };
  const gap = time.slice(0, 30).map((at, t) => at + (t > 20 ? HOUR : 0));
  const fitAt = (at: Float64Array, lengths?: number[]) =>
    fitHiddenMarkov(x.subarray(0, 60), { ...few, time: at, ...(lengths ? { lengths } : {}) });
  expect(() => fitAt(gap)).toThrow(
    "time[21]: expected rows 3600000 ms apart, as the rows before, got 7200000 ms",
  );
  expect(fitAt(gap, [21, 9]).stepMs).toBe(HOUR);
  expect(() => fitAt(time.slice(0, 30).reverse())).toThrow(
    "time[1]: expected a time after that of the row before",
  );
  expect(() => fitAt(gap, new Array(30).fill(1))).toThrow("expected a series of at least two rows");
});

test("unbroken stretches end at gaps and where the next symbol begins", () => {
  expect(unbrokenLengths([0, 5, 10, 20, 25, 0, 5], 5)).toEqual([3, 2, 2]);
  expect(unbrokenLengths([0, 10, 20], 5)).toEqual([1, 1, 1]);
  expect(unbrokenLengths([], 5)).toEqual([]);
});
