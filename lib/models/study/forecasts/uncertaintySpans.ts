/** Both parts of a forecast's uncertainty over days and over stretches of time, and its mean beside the true one. */
import { checkCount, checkLength, type Forecast, mean, median } from "../../../core/index.js";

const DAY = 86_400_000;

/** Standard deviations by day, [D]. */
export interface DailyUncertainty {
  /** Middle of each UTC day that has a forecast, UTC milliseconds. */
  readonly time: Float64Array;
  /** Mean standard deviations of the day's forecasts, all assets together, basis points. */
  readonly aleatoric: Float64Array;
  readonly epistemic: Float64Array;
}

/** Aleatoric and epistemic standard deviations of a forecast, averaged over each UTC day. */
export function dailyUncertainty({ decidedAt, aleatoric, epistemic }: Forecast): DailyUncertainty {
  const rows = new Map<number, number[]>();
  decidedAt.forEach((time, n) => {
    const day = Math.floor(time / DAY);
    rows.set(day, [...(rows.get(day) ?? []), n]);
  });
  const days = [...rows.keys()].sort((a, b) => a - b);
  const over = (variance: Float64Array) =>
    Float64Array.from(days, (day) => mean(rows.get(day)!.map((n) => 1e4 * Math.sqrt(variance[n]!))));
  return {
    time: Float64Array.from(days, (day) => (day + 0.5) * DAY),
    ...{ aleatoric: over(aleatoric), epistemic: over(epistemic) },
  };
}

/** Median standard deviations of a stretch of time, basis points: those of one forecast beside those of another. */
export type SpanUncertainty = {
  readonly span: string;
  readonly aleatoric: number;
  readonly aleatoricBefore: number;
  readonly epistemic: number;
  readonly epistemicBefore: number;
};

/**
 * Median standard deviations within each span, of `now` and of `before`, which are forecasts of the same rows.
 * @param spans  name → the times of decision [from, until), UTC milliseconds
 * @throws RangeError when the forecasts differ in length, or naming a span without a row.
 */
export function uncertaintyInSpans(
  spans: Readonly<Record<string, { readonly from: number; readonly until: number }>>,
  { now, before }: { readonly now: Forecast; readonly before: Forecast },
): SpanUncertainty[] {
  checkLength("before", before.decidedAt, now.decidedAt.length);
  return Object.entries(spans).map(([span, { from, until }]) => {
    const typical = (of: Forecast, part: "aleatoric" | "epistemic") => {
      const inside = of[part].filter((_, n) => of.decidedAt[n]! >= from && of.decidedAt[n]! < until);
      checkCount(`rows in span ${span}`, inside.length);
      return 1e4 * Math.sqrt(median(inside));
    };
    return {
      span,
      aleatoric: typical(now, "aleatoric"),
      aleatoricBefore: typical(before, "aleatoric"),
      epistemic: typical(now, "epistemic"),
      epistemicBefore: typical(before, "epistemic"),
    };
  });
}

/** Root mean squares of one forecast, basis points. */
export type MeanError = {
  readonly model: string;
  /** Of the predicted mean less the true one. */
  readonly error: number;
  /** Of the epistemic standard deviation: as large, where it tells the truth. */
  readonly epistemic: number;
};

/**
 * The error of each forecast's mean against the true mean of each row, beside what the forecast itself says of it.
 * @param known  [N] true means, in the unit of the forecasts
 * @throws RangeError when a forecast has another number of rows.
 */
export function errorOfMean(
  forecasts: Readonly<Record<string, Forecast>>,
  known: ArrayLike<number>,
): MeanError[] {
  return Object.entries(forecasts).map(([model, forecast]) => {
    checkLength(`forecast of ${model}`, forecast.mean, known.length);
    const squares = forecast.mean.map((m, n) => (m - known[n]!) ** 2);
    return {
      ...{ model, error: 1e4 * Math.sqrt(mean(squares)) },
      epistemic: 1e4 * Math.sqrt(mean(forecast.epistemic)),
    };
  });
}
