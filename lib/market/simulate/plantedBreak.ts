/** A market with a planted break: what a model should notice, at a known time. */
import type { Bars, Flow } from "../../core/index.js";
import { checkPositive } from "../../core/index.js";

/** A break to plant in simulated bars. */
export interface PlantedBreak {
  /** UTC milliseconds: bars that open in [from, until) are changed. */
  readonly from: number;
  readonly until: number;
  /** Factor on the log returns of those bars and on how far their prices swing; 1 by default. */
  readonly volatility?: number;
  /** Whether takers only buy and nearly all that rests at the best quotes is bid, in those bars; false by default. */
  readonly oneSidedFlow?: boolean;
}

/**
 * The bars with the break in them. Bars before it are as they were; those after it have the same returns as before, from the price
 * that the break left.
 * @throws RangeError when the factor is not positive, the span is empty, or one-sided flow is asked of bars without flow.
 */
export function plantBreak(bars: readonly Bars[], planted: PlantedBreak): Bars[] {
  const { from, until, volatility = 1, oneSidedFlow = false } = planted;
  checkPositive("volatility", volatility);
  if (!(until > from)) throw new RangeError(`until: expected a time after ${from}, got ${until}`);
  return bars.map((own) => {
    const changed = own.openTime.map((time) => (time >= from && time < until ? 1 : 0));
    const moved = withSwings(own, changed, volatility);
    if (!oneSidedFlow) return moved;
    if (!own.flow) throw new RangeError(`${own.symbol}: expected bars with flow, got none`);
    return { ...moved, flow: oneSided(moved.flow!, moved.volume, changed) };
  });
}

/** Prices whose changes within and between the changed bars are `factor` times as large, in logarithms. */
function withSwings(bars: Bars, changed: Float64Array, factor: number): Bars {
  const { open, high, low, close, flow } = bars;
  const count = close.length;
  const out = { open: open.slice(), high: high.slice(), low: low.slice(), close: close.slice() };
  const shift = new Float64Array(count);
  for (let t = 1; t < count; t++) {
    const before = close[t - 1]!;
    const scaled = changed[t] ? factor : 1;
    const at = (price: number) => out.close[t - 1]! * (price / before) ** scaled;
    out.open[t] = at(open[t]!);
    out.high[t] = at(high[t]!);
    out.low[t] = at(low[t]!);
    out.close[t] = at(close[t]!);
    shift[t] = out.close[t]! / close[t]!;
  }
  shift[0] = 1;
  const quotes = flow
    ? {
        flow: {
          ...flow,
          bid: flow.bid.map((p, t) => p * shift[t]!),
          ask: flow.ask.map((p, t) => p * shift[t]!),
        },
      }
    : {};
  return { ...bars, ...out, ...quotes };
}

function oneSided(flow: Flow, volume: Float64Array, changed: Float64Array): Flow {
  const where = (inside: (t: number) => number, usual: Float64Array) =>
    usual.map((value, t) => (changed[t] ? inside(t) : value));
  const resting = (t: number) => flow.bidSize[t]! + flow.askSize[t]!;
  return {
    ...flow,
    buyVolume: where((t) => volume[t]!, flow.buyVolume),
    sellVolume: where(() => 0, flow.sellVolume),
    bidSize: where((t) => 0.99 * resting(t), flow.bidSize),
    askSize: where((t) => 0.01 * resting(t), flow.askSize),
  };
}
