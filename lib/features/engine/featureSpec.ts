/**
 * A feature is a small machine that bars pass through one by one.
 *
 * There is one implementation of each: a batch is the machine run over the arrays, so live values and those of a study agree by
 * construction. It is written here because packages disagree on the seeds of Wilder's and of MACD's means, and let one NaN spoil
 * all that follows; the conventions are those of TA-Lib.
 */
import type { BarFlow } from "../../market/flow/index.js";

/**
 * One bar of one symbol with its flow; a hole has NaN prices and volume. Whoever loops keeps one row and overwrites it.
 *
 * The takers' volumes and the best quotes at the close are as in `Flow`; NaN where the source does not tell.
 */
export interface BarRow extends BarFlow {
  /** UTC milliseconds. */
  openTime: number;
  open: number;
  high: number;
  low: number;
  close: number;
  /** In units of the base asset. */
  volume: number;
}

/** A feature on its way through the bars of one symbol. */
export interface FeatureStream {
  readonly names: readonly string[];
  /** Writes the values with this bar as the latest and keeps nothing: a live bar may be revised any number of times. */
  preview(bar: BarRow, out: Float64Array, offset: number): void;
  /** Writes the same values, and the bar is final. */
  push(bar: BarRow, out: Float64Array, offset: number): void;
  /** Forgets every bar. */
  reset(): void;
}

/** What of the flow a feature reads: the takers' volumes, the best quotes, or what rests at the best five levels. */
export type FlowPart = "tape" | "book" | "depth";

/** A feature by its definition, of which any number of streams can be made. */
export interface FeatureSpec {
  /** Column names, with windows in bars. */
  readonly names: readonly string[];
  /** How many bars come before the first whose values are defined. */
  readonly warmUp: number;
  readonly needs?: FlowPart;
  create(): FeatureStream;
}

/** Writes the values of a bar, and keeps the bar only where it is final. */
export type Update = (bar: BarRow, final: boolean, out: Float64Array, offset: number) => void;

/** A feature of several columns from a function that starts its state; all its columns begin at the same bar. */
export function feature(
  { names, warmUp, needs }: { names: readonly string[]; warmUp: number; needs?: FlowPart },
  start: () => Update,
): FeatureSpec {
  const create = (): FeatureStream => {
    let [update, used] = [start(), false];
    const reset = (): void => {
      if (used) [update, used] = [start(), false];
    };
    const run: Update = (bar, final, out, offset) => {
      if (!needs || knows(bar, needs)) {
        if (final) used = true;
        update(bar, final, out, offset);
        return;
      }
      out.fill(Number.NaN, offset, offset + names.length);
      if (final) reset(); // a window must not close over bars that nobody saw
    };
    return {
      names,
      preview: (bar, out, offset) => run(bar, false, out, offset),
      push: (bar, out, offset) => run(bar, true, out, offset),
      reset,
    };
  };
  return needs ? { names, warmUp, needs, create } : { names, warmUp, create };
}

/** A feature of one column from a function that starts its state and gives the value. */
export function singleFeature(
  { name, warmUp, needs }: { name: string; warmUp: number; needs?: FlowPart },
  start: () => (bar: BarRow, final: boolean) => number,
): FeatureSpec {
  return feature({ names: [name], warmUp, ...(needs && { needs }) }, () => {
    const value = start();
    return (bar, final, out, offset) => {
      out[offset] = value(bar, final);
    };
  });
}

function knows(bar: BarRow, part: FlowPart): boolean {
  const { buyVolume, sellVolume, bid, ask, bidSize, askSize, bidDepth, askDepth } = bar;
  if (part === "tape") return !Number.isNaN(buyVolume + sellVolume);
  if (part === "book") return !Number.isNaN(bid + ask + bidSize + askSize);
  return !Number.isNaN(bidDepth + askDepth);
}
