/** Features of whole arrays, as a user writes them: with a memory that ends, one that fades, and one that never does. */
import type { Bars, Panel } from "../../../lib/core/types.js";
import { makePanel } from "../../../lib/features/panel.js";
import { logReturns, rollingMean, rollingStandardDeviation } from "../../../lib/features/returns.js";

type Columns = Readonly<Record<string, (bars: Bars) => Float64Array>>;

/** The columns as one function of bars. */
export function panelOf(columns: Columns): (bars: Bars) => Panel {
  return (bars) => {
    const time = bars.openTime.map((open) => open + bars.stepMs);
    const values = Object.entries(columns).map(([name, of]) => [name, of(bars)] as const);
    return makePanel(time, Object.fromEntries(values));
  };
}

/** Exponential mean of weight `alpha`, from the first value on. */
export function ema(x: Float64Array, alpha: number): Float64Array {
  let mean = Number.NaN;
  return x.map((value) => {
    if (Number.isFinite(value)) mean = Number.isNaN(mean) ? value : mean + alpha * (value - mean);
    return mean;
  });
}

function along(x: Float64Array, of: (sofar: number, value: number) => number, start: number): Float64Array {
  let sofar = start;
  return x.map((value) => {
    sofar = of(sofar, value);
    return sofar;
  });
}

const change = ({ close }: Bars) => close.map((price, t) => (t > 0 ? price - close[t - 1]! : Number.NaN));

/** Of the last bars alone. */
export const BOUNDED: Columns = {
  return: logReturns,
  range: ({ high, low }) => high.map((price, t) => Math.log(price / low[t]!)),
  volatility24: (bars) => rollingStandardDeviation(logReturns(bars), 24),
  volume20: ({ volume }) => rollingMean(volume, 20).map((mean, t) => volume[t]! / mean),
  breakout60: ({ close }) =>
    close.map((price, t) => price / Math.max(...close.slice(Math.max(0, t - 59), t + 1))),
  hour: ({ openTime }) => openTime.map((time) => (time / 3_600_000) % 24),
};

/** Of all bars, each a share less than the one after it. */
export const FADING: Columns = {
  ema14: ({ close }) => ema(close, 2 / 15).map((mean, t) => close[t]! / mean - 1),
  macd: ({ close }) => {
    const [fast, slow] = [ema(close, 2 / 13), ema(close, 2 / 27)];
    return close.map((price, t) => (fast[t]! - slow[t]!) / price);
  },
  rsi14: (bars) => {
    const [up, down] = [1, -1].map((side) =>
      ema(
        change(bars).map((by) => (Number.isNaN(by) ? by : Math.max(0, side * by))),
        1 / 14,
      ),
    );
    return up!.map((rise, t) => rise / (rise + down![t]!));
  },
  ema50: ({ close }) => ema(close, 2 / 51).map((mean, t) => close[t]! / mean - 1),
};

/** What a hundred bars leave of it after 700 is a millionth. */
export const SLOWLY_FADING: Columns = {
  ema100: ({ close }) => ema(close, 2 / 101).map((mean, t) => close[t]! / mean - 1),
};

/** Of all bars, the first as much as the last, or nearly so. */
export const ENDLESS: Columns = {
  expandingMean: (bars) => {
    const returns = logReturns(bars).map((value) => (Number.isNaN(value) ? 0 : value));
    return along(returns, (total, value) => total + value, 0).map((total, t) => total / (t + 1));
  },
  onBalanceVolume: (bars) => {
    const by = change(bars);
    return along(
      bars.volume.map((volume, t) => (t > 0 ? Math.sign(by[t]!) * volume : 0)),
      (total, v) => total + v,
      0,
    );
  },
  index: ({ close }) => close.map((_, t) => t),
  fromTop: ({ close }) => along(close, Math.max, 0).map((top, t) => close[t]! / top - 1),
  ema400: ({ close }) => ema(close, 2 / 401).map((mean, t) => close[t]! / mean - 1),
};

/** Price over the volume-weighted price since an hour of UTC that comes once in `hours`. */
export function sessionPrice(hours: number): Columns[string] {
  return ({ openTime, close, volume }) => {
    let [worth, traded] = [0, 0];
    return close.map((price, t) => {
      if ((openTime[t]! / 3_600_000) % hours === 0) [worth, traded] = [0, 0];
      worth += price * volume[t]!;
      traded += volume[t]!;
      return price / (worth / traded) - 1;
    });
  };
}
