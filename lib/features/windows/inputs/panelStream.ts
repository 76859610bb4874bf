/** The rows of a function of whole arrays as bars come in: it is given the last bars anew at each close. */
import type { Bars, FlowColumn, Panel } from "../../../core/index.js";
import { checkCount } from "../../../core/index.js";
import { barClock } from "../../engine/barClock.js";
import type { BarRow } from "../../engine/featureSpec.js";
import { emptyRow } from "../../engine/featureStream.js";

/** Options of `panelStream`. */
export interface PanelStreamOptions {
  readonly symbol: string;
  readonly stepMs: number;
  /** [F] of the features that are expected. */
  readonly names: readonly string[];
  /** Bars of time that the function is given, the latest among them. */
  readonly reach: number;
  /** Bars of time that are kept for `kept`; `reach` by default. */
  readonly keep?: number;
  /** Columns of the flow that the function is given; none by default. */
  readonly flow?: readonly FlowColumn[];
  /** Whether a missing bar is left out, as bars come from files (the default), or is a row of NaN, as in a union of symbols. */
  readonly holes?: "left out" | "NaN";
}

/** The rows of one symbol as its bars come in. */
export interface PanelStream {
  /** [F] */
  readonly names: readonly string[];
  /** Always 0: how many bars the function needs is not known; until then its rows are NaN. */
  readonly warmUp: number;
  /** [F], of a bar that is final. */
  push(row: Readonly<BarRow>): Float64Array;
  /** The bars that are kept, copied; undefined before the first. */
  kept(): Bars | undefined;
}

/**
 * The last row of a function of whole bars, bar by bar, made of the bars of the last `reach` steps and of nothing before them: what
 * it is at a bar depends on those bars alone, wherever the run began.
 *
 * It equals the row of the whole array where the function rests on no more bars than that: `memoryFault` tries it.
 * @throws RangeError when a size is no positive integer; from `push` when a bar is not after the last by whole steps; Error naming
 *   symbol and time when the function throws, or returns other features or another number of rows.
 */
export function panelStream(features: (bars: Bars) => Panel, options: PanelStreamOptions): PanelStream {
  const { symbol, stepMs, names, reach, keep = reach } = options;
  checkCount("reach", reach);
  checkCount("keep", keep, reach);
  const clock = barClock(stepMs);
  let rows: Readonly<BarRow>[] = [];
  const lastOf = (count: number): readonly Readonly<BarRow>[] => {
    const last = rows.at(-1)!.openTime;
    const first = rows.findIndex(({ openTime }) => openTime > last - count * stepMs);
    return rows.slice(first);
  };
  return {
    names,
    warmUp: 0,
    push(row) {
      clock.follows(row.openTime);
      clock.keep(row.openTime);
      const missing = options.holes === "NaN" ? missingBefore(row, { last: rows.at(-1), stepMs, keep }) : [];
      rows.push(...missing, { ...row });
      rows = [...lastOf(keep)];
      const bars = barsOf(lastOf(reach), options);
      try {
        return lastRow(features(bars), bars, names);
      } catch (error) {
        const time = new Date(row.openTime + stepMs).toISOString();
        throw new Error(`${symbol} at ${time}: ${(error as Error).message}`, { cause: error });
      }
    },
    kept: () => (rows.length === 0 ? undefined : barsOf(rows, options)),
  };
}

/** The last row of the panel of the bars, copied. @throws RangeError unless it has these features and a row a bar. */
function lastRow({ names: got, values }: Panel, { close }: Bars, names: readonly string[]): Float64Array {
  if (got.join() !== names.join())
    throw new RangeError(`expected the features ${names.join(", ")}, got ${got.join(", ")}`);
  if (values.length === close.length * names.length) return values.slice(-names.length);
  throw new RangeError(
    `expected ${close.length} rows of ${names.length} features, got ${values.length} values`,
  );
}

const CANDLE = ["open", "high", "low", "close", "volume"] as const;

function barsOf(rows: readonly Readonly<BarRow>[], { symbol, stepMs, flow = [] }: PanelStreamOptions): Bars {
  const columns = <Name extends keyof BarRow>(names: readonly Name[]) =>
    Object.fromEntries(names.map((name) => [name, columnOf(rows, name)]));
  const told = flow.length > 0 ? { flow: columns(flow) } : {};
  return { symbol, stepMs, ...columns(["openTime"]), ...columns(CANDLE), ...told } as unknown as Bars;
}

/** Filled in place: `Float64Array.from` with a function takes several times as long, and this is done at every bar. */
function columnOf(rows: readonly Readonly<BarRow>[], name: keyof BarRow): Float64Array {
  const column = new Float64Array(rows.length);
  rows.forEach((row, t) => {
    column[t] = row[name];
  });
  return column;
}

interface Before {
  readonly last: Readonly<BarRow> | undefined;
  readonly stepMs: number;
  readonly keep: number;
}

/** Rows of NaN for the bars between the last and this one, at most as many as are kept. */
function missingBefore(row: Readonly<BarRow>, { last, stepMs, keep }: Before): BarRow[] {
  const count = last ? Math.min(keep, (row.openTime - last.openTime) / stepMs - 1) : 0;
  return Array.from({ length: count }, (_, i) => ({
    ...emptyRow(),
    openTime: row.openTime - (count - i) * stepMs,
  }));
}
