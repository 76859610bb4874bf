/** A market with a planted crash or rally: a move of a known shape, out of nothing, at a known bar. */
import type { Bars } from "../../core/index.js";
import { checkCount, checkPositive } from "../../core/index.js";

/** A stretch of bars over which prices drift by `logMove` in all, in equal steps. */
export interface MoveLeg {
  readonly bars: number;
  readonly logMove: number;
}

/** The shape of a planted move: its legs and how much livelier its bars are. */
export interface MoveShape {
  /** One after the other, from the bar at which the move is planted. */
  readonly legs: readonly MoveLeg[];
  /** Factor on the log returns and on the volume of the bars of the legs. */
  readonly volatility: number;
  /** Bars over which that factor comes back towards 1, as exp(−bars / calming), once the legs are over. */
  readonly calming: number;
  /** A short name for figures, where the shape's own is long. */
  readonly label?: string;
}

const QUARTER = 0.25;

/** Six shapes for hourly bars: how fast prices go, whether they come back, which way, and whether volatility rises with them. */
export const MOVE_SHAPES = {
  "slow fall": { legs: [{ bars: 24, logMove: -QUARTER }], volatility: 4, calming: 48 },
  "fast fall": { legs: [{ bars: 4, logMove: -QUARTER }], volatility: 4, calming: 48 },
  V: {
    legs: [
      { bars: 4, logMove: -QUARTER },
      { bars: 4, logMove: QUARTER },
    ],
    volatility: 4,
    calming: 48,
  },
  "melt-up": { legs: [{ bars: 24, logMove: QUARTER }], volatility: 4, calming: 48 },
  "fall at usual volatility": {
    legs: [{ bars: 24, logMove: -QUARTER }],
    ...{ volatility: 1, calming: 48, label: "fall, usual σ" },
  },
  "rally at usual volatility": {
    legs: [{ bars: 24, logMove: QUARTER }],
    ...{ volatility: 1, calming: 48, label: "rally, usual σ" },
  },
} as const satisfies Record<string, MoveShape>;

/** A shape as a row of a table. */
export type MoveRow = {
  readonly shape: string;
  readonly "first leg": string;
  /** Log return over it. */
  readonly move: number;
  readonly "second leg": string;
  /** Times the usual. */
  readonly volatility: number;
};

/** Shapes by name as rows of a table; lengths of legs in bars. A leg after the second is left out. */
export function moveTable(shapes: Readonly<Record<string, MoveShape>>): MoveRow[] {
  return Object.entries(shapes).map(([shape, { legs, volatility }]) => {
    const [first, second] = legs;
    return {
      ...{ shape, "first leg": `${first?.bars ?? 0} bars`, move: first?.logMove ?? 0 },
      "second leg": second ? `${second.bars} bars, log return ${second.logMove}` : "none",
      volatility,
    };
  });
}

/**
 * The bars with the move in them, from bar `at` on. Bars before it are as they were, to the bit; each later bar opens where the one
 * before closed, and its log returns are the old ones times the factor, plus the drift of its leg. The result has candles alone.
 * @throws RangeError when `at` is not a bar after the first, there is no leg, or a number of the shape makes no sense.
 */
export function plantMove(bars: Bars, at: number, { legs, volatility, calming }: MoveShape): Bars {
  checkCount("at", at);
  checkCount("legs", legs.length);
  for (const [i, leg] of legs.entries()) checkCount(`bars of leg ${i}`, leg.bars);
  checkPositive("volatility", volatility);
  checkPositive("calming", calming);
  const { symbol, stepMs, openTime } = bars;
  if (at >= openTime.length) throw new RangeError(`at: expected a bar before ${openTime.length}, got ${at}`);
  const drift = legs.flatMap((leg) => Array.from({ length: leg.bars }, () => leg.logMove / leg.bars));
  const [open, high, low] = [bars.open.slice(), bars.high.slice(), bars.low.slice()];
  const [close, volume] = [bars.close.slice(), bars.volume.slice()];
  for (let t = at; t < close.length; t++) {
    const since = t - at;
    const factor =
      since < drift.length ? volatility : 1 + (volatility - 1) * Math.exp(-(since - drift.length) / calming);
    const before = close[t - 1]!;
    const moved = (price: number) =>
      before * Math.exp(factor * Math.log(price / bars.open[t]!) + (drift[since] ?? 0));
    open[t] = before;
    close[t] = moved(bars.close[t]!);
    high[t] = Math.max(before, close[t]!, moved(bars.high[t]!));
    low[t] = Math.min(before, close[t]!, moved(bars.low[t]!));
    volume[t] = factor * bars.volume[t]!;
  }
  return { symbol, stepMs, openTime, open, high, low, close, volume };
}
