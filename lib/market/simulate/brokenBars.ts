/** Bars of a feed that is broken, damaged where feeds are damaged: in the raw candles, before any feature is made of them. */
import { type Bars, fold, type Key, permutation, uniforms } from "../../core/index.js";

/**
 * "frozen": prices stay at the first close but for rounding of half a basis point, volume and flow go on; "stopped": prices stay to the
 * last digit; "shuffled": hours of each block in random order; "other volume": volume and flow of another time; "crash": one bar of
 * each block falls by 15 %.
 */
export type BrokenFeed = "frozen" | "stopped" | "shuffled" | "other volume" | "crash";

const HALF_BASIS_POINT = 5e-5;
const CRASH = Math.log(0.85);

/**
 * The bars as a broken feed would have delivered them, of the same length and times.
 * @param block  bars of a block, such as the length of a window
 */
export function brokenBars(
  bars: Bars,
  kind: BrokenFeed,
  { key, block }: { readonly key: Key; readonly block: number },
): Bars {
  switch (kind) {
    case "frozen":
    case "stopped":
      return frozen(bars, kind === "frozen" ? HALF_BASIS_POINT : 0, key);
    case "shuffled":
      return reordered(bars, shuffledBlocks(bars.close.length, block, key));
    case "other volume":
      return withVolumeOf(bars, Math.floor(bars.close.length / 2));
    case "crash":
      return crashed(bars, block);
  }
}

function frozen(bars: Bars, reach: number, key: Key): Bars {
  const noise = uniforms(fold(key, "frozen"), bars.close.length);
  const close = noise.map((u) => bars.close[0]! * (1 + reach * (2 * u - 1)));
  const open = close.map((price, t) => close[t - 1] ?? price);
  const high = close.map((price, t) => Math.max(price, open[t]!));
  const low = close.map((price, t) => Math.min(price, open[t]!));
  return { ...bars, open, high, low, close, ...quotesAt(bars, close) };
}

/** The flow with its quotes moved to other closes: the relative spread stays. */
function quotesAt(bars: Bars, close: Float64Array): Pick<Bars, "flow"> {
  if (!bars.flow) return {};
  const moved = (quote: Float64Array) => quote.map((price, t) => (price / bars.close[t]!) * close[t]!);
  return { flow: { ...bars.flow, bid: moved(bars.flow.bid), ask: moved(bars.flow.ask) } };
}

/** Each block's rows in random order; a last, shorter block stays. */
function shuffledBlocks(count: number, block: number, key: Key): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, t) => t);
  for (let from = 0; from + block <= count; from += block)
    order.set(
      permutation(fold(key, "block", from), block).map((i) => from + i),
      from,
    );
  return order;
}

/** The candles in another order, each with its shape and volume, joined to a path. */
function reordered(bars: Bars, order: Uint32Array): Bars {
  const steps = Float64Array.from(order, (t) =>
    Math.log(bars.close[t]! / (bars.close[t - 1] ?? bars.open[t]!)),
  );
  const pick = (values: Float64Array) => Float64Array.from(order, (t) => values[t]!);
  return onPath(
    {
      ...bars,
      ...{ open: pick(bars.open), high: pick(bars.high), low: pick(bars.low), close: pick(bars.close) },
      volume: pick(bars.volume),
      ...(bars.flow ? { flow: eachOf(bars.flow, pick) } : {}),
    },
    steps,
  );
}

/** One bar in the middle of each block falls. */
function crashed(bars: Bars, block: number): Bars {
  const falls = (t: number) => t % block === Math.floor(block / 2);
  const steps = bars.close.map(
    (close, t) => Math.log(close / (bars.close[t - 1] ?? bars.open[t]!)) + (falls(t) ? CRASH : 0),
  );
  const moved = onPath(bars, steps);
  const high = moved.high.map((price, t) => (falls(t) ? Math.max(price, moved.open[t]!) : price));
  return { ...moved, high };
}

/** The candles moved to a path of given log steps from close to close: shapes about the close stay. */
function onPath(bars: Bars, steps: Float64Array): Bars {
  let level = Math.log(bars.close[0]!);
  const close = steps.map((step, t) => {
    level = t === 0 ? level : level + step;
    return Math.exp(level);
  });
  const moved = (values: Float64Array) => values.map((price, t) => (price / bars.close[t]!) * close[t]!);
  const open = close.map((price, t) => close[t - 1] ?? price);
  const high = moved(bars.high).map((price, t) => Math.max(price, open[t]!, close[t]!));
  const low = moved(bars.low).map((price, t) => Math.min(price, open[t]!, close[t]!));
  return { ...bars, open, high, low, close, ...quotesAt(bars, close) };
}

function withVolumeOf(bars: Bars, shift: number): Bars {
  const count = bars.close.length;
  const pick = (values: Float64Array) => values.map((_, t) => values[(t + shift) % count]!);
  const volumes = (flow: NonNullable<Bars["flow"]>) => {
    const other = eachOf(flow, pick);
    return { ...other, bid: flow.bid, ask: flow.ask };
  };
  return { ...bars, volume: pick(bars.volume), ...(bars.flow ? { flow: volumes(bars.flow) } : {}) };
}

function eachOf(flow: NonNullable<Bars["flow"]>, pick: (values: Float64Array) => Float64Array) {
  const { buyVolume, sellVolume, bid, ask, bidSize, askSize } = flow;
  return {
    ...{ buyVolume: pick(buyVolume), sellVolume: pick(sellVolume), bid: pick(bid), ask: pick(ask) },
    ...{ bidSize: pick(bidSize), askSize: pick(askSize) },
  };
}
