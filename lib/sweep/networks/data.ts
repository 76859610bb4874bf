/** The data of a study: its folds, the bars they are of, and the name of their content. */
import type { Bars } from "../../core/index.js";
import { type Dataset, dataset, forwardDatasets } from "../../features/index.js";
import { sliceBars } from "../../market/index.js";
import type { History } from "../history/index.js";
import type { Study } from "../study/types.js";
import type { StudySource } from "./source.js";

export type { StudySource };

/** A source with its folds, made when one is first asked for. */
export interface StudyFolds {
  readonly source: StudySource;
  at(fold: number): Dataset;
  /** The folds with the bars of one read, where they are not all in memory. */
  open?(fold: number): Promise<StudyFolds>;
}

/**
 * The folds of a source: its own parts, or `folds` test parts that follow one another; of so many `bars` each where a study says so.
 * @throws RangeError when there are too few bars.
 */
export function foldsOf(whole: StudySource, of: FoldsOf): StudyFolds {
  const { folds, first } = of;
  const source = { ...whole, bars: someOf(whole.bars, of.symbols) };
  const { bars, length, horizon, stride, threshold, split } = source;
  let made: readonly Dataset[] | undefined;
  return {
    source,
    at(fold) {
      if (of.bars !== undefined) {
        const rows = bars[0]!.openTime.length;
        const { from, to } = rangeOf({ rows, test: split.test }, { folds, bars: of.bars }, fold);
        const own = bars.map((each) => sliceBars(each, from, to));
        return dataset(own, { length, horizon, stride, threshold, split });
      }
      made ??=
        folds === 1
          ? [dataset(bars, { length, horizon, stride, threshold, split })]
          : forwardDatasets(bars, { length, horizon, stride, threshold, folds, first });
      const own = made[fold];
      if (own) return own;
      throw new RangeError(`fold: expected one below ${made.length}, got ${fold}`);
    },
  };
}

function someOf(bars: readonly Bars[], symbols: readonly string[] | undefined): readonly Bars[] {
  if (!symbols) return bars;
  return symbols.map((symbol) => {
    const own = bars.find((each) => each.symbol === symbol);
    if (own) return own;
    throw new RangeError(
      `data.symbols: expected some of ${bars.map((each) => each.symbol).join(", ")}, got ${symbol}`,
    );
  });
}

/** Part of what a study says of its data: folds are made by it. */
export type FoldsOf = Pick<Study["data"], "folds" | "first" | "bars" | "symbols">;

/**
 * The bars of a fold where a study says how many a fold has: those of the last fold end with the history, and test parts follow one
 * another.
 * @throws RangeError when the history is too short.
 */
export function rangeOf(
  { rows, test }: { readonly rows: number; readonly test: number },
  { folds, bars }: { readonly folds: number; readonly bars: number },
  fold: number,
): { readonly from: number; readonly to: number } {
  if (!(fold >= 0 && fold < folds)) throw new RangeError(`fold: expected one below ${folds}, got ${fold}`);
  const step = Math.ceil(test * bars);
  const least = bars + (folds - 1) * step;
  if (rows < least)
    throw new RangeError(`data.bars: expected a history of ${least} bars for ${folds} folds, got ${rows}`);
  const to = rows - (folds - 1 - fold) * step;
  return { from: to - bars, to };
}

/** The folds of a history: of each only its own bars are read, when it is opened. */
export function historyFolds(history: History, of: FoldsOf): StudyFolds {
  const { symbols: _, rows, read, ...settings } = history;
  return {
    source: { ...settings, bars: [] },
    at() {
      throw new RangeError("fold: expected one that was opened, got one of a history");
    },
    async open(fold) {
      const { bars, symbols, folds } = of;
      const range =
        bars === undefined
          ? { from: 0, to: rows }
          : rangeOf({ rows, test: settings.split.test }, { folds, bars }, fold);
      const source = { ...settings, bars: await read({ ...range, symbols }) };
      if (bars === undefined) return foldsOf(source, of);
      const own = foldsOf(source, { folds: 1, first: of.first });
      return { source, at: () => own.at(0) };
    },
  };
}
