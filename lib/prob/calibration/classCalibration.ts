/** Calibration of a classifier's probabilities, class by class and bin by bin. */
import {
  checkCount,
  checkFinite,
  checkLength,
  fold,
  type Key,
  mean,
  quantile,
  uniforms,
} from "../../core/index.js";
import { equalCountGroups, unitBin } from "./bins.js";

/** Forecasts of N rows over C classes, and what came. */
export interface ClassForecasts {
  /** C */
  readonly classes: number;
  /** [N,C] row-major; each row sums to 1. */
  readonly probability: ArrayLike<number>;
  /** [N] the class that came, 0 … C − 1. */
  readonly label: ArrayLike<number>;
}

/** Forecasts of one bin of confidence: NaN where the bin is empty. */
export type ConfidenceBin = {
  /** Mean confidence, and the share that came true. */
  readonly predicted: number;
  readonly observed: number;
  readonly count: number;
};

/** A calibration error over bins of confidence, in probability. */
export type CalibrationError = {
  /** Σ n_b / N · |observed − predicted|: the expected calibration error. */
  readonly expected: number;
  /** √ Σ n_b / N · (observed − predicted)². */
  readonly rootMeanSquare: number;
  readonly maximum: number;
  readonly bins: readonly ConfidenceBin[];
};

/**
 * Calibration error of the top class, in `bins` of equal width [lo, hi).
 *
 * It is biased upwards, the more the fewer rows a bin has: put it beside `calibrationBand`. Where all bins err to the same side it is
 * the difference of two means, whatever the bins are.
 * @throws RangeError when lengths differ, a row is no distribution or a label is no class.
 * @see Guo, Pleiss, Sun & Weinberger 2017, equation 3
 */
export function calibrationError(forecasts: ClassForecasts, bins = 15): CalibrationError {
  const { confidence, correct } = topClass(forecasts);
  return errorOf(equalWidth(confidence, correct, bins), confidence.length);
}

/**
 * The same in bins of about equal count, none of them empty.
 *
 * Equal confidences share a bin, so that the order of the rows is nothing to the error: there may be fewer bins.
 * @see Nguyen & O'Connor 2015
 */
export function adaptiveCalibrationError(forecasts: ClassForecasts, bins = 15): CalibrationError {
  const { confidence, correct } = topClass(forecasts);
  checkCount("bins", bins);
  checkCount("rows", confidence.length, bins);
  const groups = equalCountGroups(confidence, bins);
  return errorOf(
    groups.map((rows) => binOf(rows, confidence, correct)),
    confidence.length,
  );
}

/** Mean over the classes of the calibration error of each class's own probability (Kull et al. 2019). */
export function classwiseCalibrationError(forecasts: ClassForecasts, bins = 15): number {
  const { rows, classes, probability, label } = checkClassForecasts(forecasts);
  const errors = Array.from({ length: classes }, (_, c) => {
    const own = Float64Array.from({ length: rows }, (_, n) => probability[n * classes + c]!);
    const came = Float64Array.from({ length: rows }, (_, n) => (label[n] === c ? 1 : 0));
    return errorOf(equalWidth(own, came, bins), rows).expected;
  });
  return mean(errors);
}

/** A calibration error beside its distribution for calibrated forecasts. */
export type CalibrationBand = {
  /** Of the forecasts and labels given. */
  readonly error: number;
  /** Mean of the error over labels drawn from the forecasts themselves, and its quantile at `level`. */
  readonly expected: number;
  readonly upper: number;
  /** Share of the drawn errors at least as large: small where the forecasts are not calibrated. */
  readonly pValue: number;
};

/**
 * The error beside those of labels drawn from the forecasts: an error below `upper` is what calibrated forecasts show by chance.
 * @throws RangeError as `calibrationError`, or when `repeats` is not a positive integer.
 * @see Bröcker & Smith 2007; Vaicenavicius et al. 2019
 */
export function calibrationBand(
  forecasts: ClassForecasts,
  options: { readonly key: Key; readonly repeats: number; readonly bins?: number; readonly level?: number },
): CalibrationBand {
  const { key, repeats, bins = 15, level = 0.95 } = options;
  checkCount("repeats", repeats);
  const { confidence, correct } = topClass(forecasts);
  const error = errorOf(equalWidth(confidence, correct, bins), confidence.length).expected;
  const drawn = Float64Array.from({ length: repeats }, (_, i) => {
    const u = uniforms(fold(key, "calibration band", i), confidence.length);
    const came = u.map((value, n) => (value < confidence[n]! ? 1 : 0));
    return errorOf(equalWidth(confidence, came, bins), confidence.length).expected;
  });
  const above = drawn.reduce((count, value) => count + (value >= error ? 1 : 0), 0);
  return {
    error,
    expected: mean(drawn),
    upper: quantile(drawn, level),
    pValue: (above + 1) / (repeats + 1),
  };
}

/** Means over the rows: nats for the two logarithmic ones. */
export type ClassScores = {
  /** Σ_c (p_c − 1[c came])², 0 … 2. */
  readonly brier: number;
  readonly nll: number;
  readonly accuracy: number;
  /** Entropy of the forecasts. */
  readonly entropy: number;
};

/**
 * Proper scores and accuracy of class forecasts; `nll` is infinite when a class came that was given probability 0.
 * @throws RangeError when lengths differ, a row is no distribution or a label is no class.
 */
export function classScores(forecasts: ClassForecasts): ClassScores {
  const { rows, classes, probability, label } = checkClassForecasts(forecasts);
  const { correct } = topClass(forecasts);
  let [brier, nll, entropy] = [0, 0, 0];
  for (let n = 0; n < rows; n++) {
    for (let c = 0; c < classes; c++) {
      const p = probability[n * classes + c]!;
      brier += (p - (label[n] === c ? 1 : 0)) ** 2;
      if (p > 0) entropy -= p * Math.log(p);
    }
    nll -= Math.log(probability[n * classes + label[n]!]!);
  }
  return { brier: brier / rows, nll: nll / rows, accuracy: mean(correct), entropy: entropy / rows };
}

/** @throws RangeError when lengths differ, a row is no distribution or a label is no class. */
export function checkClassForecasts(forecasts: ClassForecasts): ClassForecasts & { readonly rows: number } {
  const { classes, probability, label } = forecasts;
  const rows = label.length;
  checkCount("classes", classes, 2);
  checkCount("rows", rows);
  checkLength("probability", probability, rows * classes);
  checkFinite("probability", probability);
  for (let n = 0; n < rows; n++) {
    let total = 0;
    for (let c = 0; c < classes; c++) {
      const p = probability[n * classes + c]!;
      if (p < 0) throw new RangeError(`probability of row ${n}, class ${c}: expected at least 0, got ${p}`);
      total += p;
    }
    if (Math.abs(total - 1) > 1e-5)
      throw new RangeError(`probability of row ${n}: expected a sum of 1, got ${total}`);
    if (!(Number.isInteger(label[n]) && label[n]! >= 0 && label[n]! < classes))
      throw new RangeError(`label[${n}]: expected a class in 0 … ${classes - 1}, got ${label[n]}`);
  }
  return { rows, classes, probability, label };
}

/** The largest probability of each row, and whether its class (the first, at a tie) came. */
function topClass(forecasts: ClassForecasts): { confidence: Float64Array; correct: Float64Array } {
  const { rows, classes, probability, label } = checkClassForecasts(forecasts);
  const [confidence, correct] = [new Float64Array(rows), new Float64Array(rows)];
  for (let n = 0; n < rows; n++) {
    let top = 0;
    for (let c = 1; c < classes; c++)
      if (probability[n * classes + c]! > probability[n * classes + top]!) top = c;
    confidence[n] = probability[n * classes + top]!;
    correct[n] = top === label[n] ? 1 : 0;
  }
  return { confidence, correct };
}

function equalWidth(p: Float64Array, came: Float64Array, bins: number): ConfidenceBin[] {
  checkCount("bins", bins);
  const groups = Array.from({ length: bins }, (): number[] => []);
  p.forEach((value, n) => {
    groups[unitBin(value, bins)]!.push(n);
  });
  return groups.map((rows) => binOf(rows, p, came));
}

function binOf(rows: readonly number[], p: Float64Array, came: Float64Array): ConfidenceBin {
  return {
    predicted: mean(rows.map((n) => p[n]!)),
    observed: mean(rows.map((n) => came[n]!)),
    count: rows.length,
  };
}

function errorOf(bins: readonly ConfidenceBin[], rows: number): CalibrationError {
  let [expected, squares, maximum] = [0, 0, 0];
  for (const { predicted, observed, count } of bins) {
    if (count === 0) continue;
    const gap = Math.abs(observed - predicted);
    expected += (count / rows) * gap;
    squares += (count / rows) * gap ** 2;
    maximum = Math.max(maximum, gap);
  }
  return { expected, rootMeanSquare: Math.sqrt(squares), maximum, bins };
}
