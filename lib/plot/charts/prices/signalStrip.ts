/** LONG, SHORT and HOLD of one asset over time, by several rules. */
import { checkCount } from "../../../core/index.js";
import type { Figure } from "../../figure.js";
import { regimeStripFigure } from "./regimeStrip.js";

/** What a rule decided for N rows. */
export interface SignalRow {
  readonly name: string;
  readonly decisions: {
    /** [N] */
    readonly asset: ArrayLike<number>;
    /** [N] UTC milliseconds. */
    readonly decidedAt: ArrayLike<number>;
    readonly signals: readonly { readonly direction: "LONG" | "SHORT" | "HOLD" }[];
  };
}

/** Options of `signalStrip`. */
export interface SignalStripOptions {
  readonly title: string;
  /** Index of the asset. */
  readonly asset: number;
  /** Decided at the same times; the first is at the top. */
  readonly rows: readonly SignalRow[];
}

const SIDES = ["SHORT", "HOLD", "LONG"] as const;

/** One strip of colours a rule over the same time. @throws RangeError when there is no row, or the asset has no decision. */
export function signalStripFigure({ title, asset, rows }: SignalStripOptions): Figure {
  const [first] = rows;
  checkCount("rows", rows.length);
  const places = Array.from(first!.decisions.asset).flatMap((own, n) => (own === asset ? [n] : []));
  return regimeStripFigure({
    ...{ title, regimes: SIDES, time: places.map((n) => first!.decisions.decidedAt[n]!) },
    rows: rows.map(({ name, decisions }) => ({
      name,
      regime: places.map((n) => SIDES.indexOf(decisions.signals[n]!.direction)),
    })),
  });
}
