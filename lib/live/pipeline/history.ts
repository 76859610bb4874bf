/** A pipeline run over history: what it would have decided, bar by bar, and the weights a backtest takes. */

import type { Bars, Panel } from "../../core/index.js";
import { checkLength } from "../../core/index.js";
import { emptyRow, readRow } from "../../features/engine/index.js";
import type { BarStep, Decision, LiveBar } from "../types.js";
import { livePipeline, type PipelineOptions } from "./pipeline.js";

/**
 * The closed candles of all symbols in order of time; a symbol whose row is absent or NaN has none.
 * @throws RangeError when the bars differ in length.
 */
export function barSteps(bars: readonly Bars[]): BarStep[] {
  const first = bars[0];
  if (!first) throw new RangeError("bars: expected at least one symbol, got none");
  const odd = bars.find(({ stepMs }) => stepMs !== first.stepMs);
  if (odd)
    throw new RangeError(
      `${odd.symbol}: expected bars of ${first.stepMs} ms as ${first.symbol}, got ${odd.stepMs}`,
    );
  const at = bars.map(({ openTime }) => new Map(Array.from(openTime, (time, t) => [time, t])));
  const times = Float64Array.from(new Set(bars.flatMap(({ openTime }) => Array.from(openTime)))).sort();
  return Array.from(times, (time) => ({
    time: time + first.stepMs,
    bars: bars.map((own, a) => {
      const t = at[a]!.get(time);
      return t === undefined ? undefined : barAt(own, t);
    }),
  }));
}

/**
 * Decisions of the pipeline of these options at each close of the bars, [T]; the forecaster stays the caller's.
 * @throws RangeError when the bars are of other symbols than the options.
 */
export function decideAll(options: PipelineOptions, bars: readonly Bars[]): Decision[] {
  const names = bars.map(({ symbol }) => symbol).join();
  if (names !== options.symbols.join())
    throw new RangeError(`bars: expected ${options.symbols.join(", ")}, got ${names}`);
  const pipeline = livePipeline(options);
  return barSteps(bars).map((step) => pipeline.decide(step));
}

/**
 * The targets that stand at each close, [T,A]: that of the symbol's latest decision, 0 before the first. `backtest` takes them with
 * the bars the decisions are of.
 * @throws RangeError when a decision has not one target a symbol.
 */
export function targetPanel(
  decisions: readonly Pick<Decision, "time" | "targets">[],
  symbols: readonly string[],
): Panel {
  const values = new Float64Array(decisions.length * symbols.length);
  decisions.forEach(({ targets }, t) => {
    checkLength(`targets of decision ${t}`, targets, symbols.length);
    targets.forEach((target, a) => {
      const i = t * symbols.length + a;
      values[i] = Number.isNaN(target) ? (values[i - symbols.length] ?? 0) : target;
    });
  });
  return { time: Float64Array.from(decisions, ({ time }) => time), names: [...symbols], values };
}

function barAt(bars: Bars, t: number): LiveBar | undefined {
  if (Number.isNaN(bars.close[t]!)) return undefined;
  const row = emptyRow();
  readRow(bars, t, row);
  const { openTime, ...rest } = row;
  return { time: openTime, ...rest };
}
