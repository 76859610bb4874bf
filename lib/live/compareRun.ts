/** A run beside the study it came from: targets, fills and equity, one by one. */
import type { Bars } from "../core/index.js";
import { sliceBars } from "../market/index.js";
import { type BacktestLedger, type BacktestOptions, backtest } from "../trading/index.js";
import { decideAll, targetPanel } from "./pipeline/history.js";
import { livePipeline, type PipelineOptions } from "./pipeline/pipeline.js";
import type { Rehearsal } from "./rehearsal.js";
import type { Decision } from "./types.js";

/** One kind of number: how many were compared, and how many differ. */
export type RunComparison = {
  readonly what: "targets" | "fills" | "equity";
  readonly compared: number;
  readonly different: number;
};

/** Relative difference of units traded up to which a fill is the same: the ledger has positions, whose differences round. */
const ROUNDING = 1e-12;

/**
 * Targets and equity of each close to the bit, and every fill by symbol, time, side and units. A number that one of them lacks differs.
 * @param studied  of the closes of the run, in order, such as by `decideAll` on bars that begin with the run's first warm-up bar
 * @param ledger   backtest of their targets on the bars of the run
 */
export function compareRun(
  { steps, fills }: Pick<Rehearsal, "steps" | "fills">,
  studied: readonly Decision[],
  ledger: BacktestLedger,
): RunComparison[] {
  const targets = pairs(
    steps.flatMap(({ wanted }) => wanted.map((value) => value ?? Number.NaN)),
    studied.flatMap((decision) => Array.from(decision.targets)),
  );
  const equity = pairs(
    steps.map((step) => step.equity),
    Array.from(ledger.equity),
  );
  const end = ledger.time.at(-1) ?? Number.NaN;
  const own = fills.filter(({ filledAt }) => filledAt < end);
  const orders = ordersOf(ledger);
  const count = Math.max(own.length, orders.length);
  const sameFill = (i: number) => {
    const [fill, order] = [own[i], orders[i]];
    if (!fill || !order) return false;
    const units = fill.side === "buy" ? fill.units : -fill.units;
    const near = Math.abs(units - order.units) <= ROUNDING * Math.abs(order.units);
    return near && fill.symbol === order.symbol && fill.filledAt === order.time;
  };
  const odd = Array.from({ length: count }, (_, i) => i).filter((i) => !sameFill(i));
  return [
    { what: "targets", ...targets },
    { what: "fills", compared: count, different: odd.length },
    { what: "equity", ...equity },
  ];
}

function pairs(a: readonly number[], b: readonly number[]): Pick<RunComparison, "compared" | "different"> {
  const compared = Math.max(a.length, b.length);
  const different = Array.from({ length: compared }, (_, i) => i).filter((i) => !Object.is(a[i], b[i]));
  return { compared, different: different.length };
}

/** What the ledger bought and sold at each open, in order of time and symbol; units are signed. */
function ordersOf({ time, positions, weights }: BacktestLedger) {
  const { names } = weights;
  const stepMs = time[1]! - time[0]!;
  return Array.from(time).flatMap((close, t) =>
    names.flatMap((symbol, a) => {
      const i = t * names.length + a;
      const units = positions[i]! - (t === 0 ? 0 : positions[i - names.length]!);
      return units === 0 ? [] : [{ symbol, units, time: close - stepMs }];
    }),
  );
}

/** The run that a study expects over the same bars: decisions, fills and ledger of the backtest. */
export interface StudyRun {
  /** [T] one for each close of the run. */
  readonly decisions: readonly Decision[];
  readonly ledger: BacktestLedger;
}

/**
 * The study of a run: what the pipeline decides over `count` bars, and the backtest of its targets. The bars before `from` that features
 * and window need are taken as history, as a live session takes them.
 * @param of  bars of the pipeline's symbols; the run's first bar and how many it has; the account
 * @throws RangeError when there are too few bars on a side.
 */
export function studyRun(
  options: PipelineOptions,
  of: {
    readonly bars: readonly Bars[];
    readonly from: number;
    readonly count: number;
    readonly account: BacktestOptions;
  },
): StudyRun {
  const { bars, from, count, account } = of;
  const { warmUp } = livePipeline(options);
  const length = bars[0]!.openTime.length;
  if (from < warmUp || from + count > length)
    throw new RangeError(`from: expected a bar from ${warmUp} to ${length - count}, got ${from}`);
  const part = (first: number) => bars.map((b) => sliceBars(b, first, from + count));
  const decisions = decideAll(options, part(from - warmUp)).slice(warmUp);
  return { decisions, ledger: backtest(targetPanel(decisions, options.symbols), part(from), account) };
}
