/** The round trips of an account: the open one of each asset, and what becomes of those that end. */
import type { Trades } from "./ledger.js";

/** A run of bars on one side of one asset. */
export type RoundTrip = {
  /** Index of the asset. */
  asset: number;
  /** 1 long, −1 short. */
  side: number;
  /** UTC milliseconds; `closedAt` is NaN where it is still open. */
  openedAt: number;
  closedAt: number;
  /** Price moves less costs and funding, in the unit of the capital. */
  profit: number;
};

/** The open round trip of each asset, [A]. */
export interface Runs {
  /** 1 long, −1 short, 0 flat. */
  readonly side: Int8Array;
  /** Of the open round trip so far. */
  readonly profit: Float64Array;
  /** UTC milliseconds at which it began. */
  readonly since: Float64Array;
  begin(asset: number, side: number, time: number): void;
  end(asset: number, time: number): void;
}

/** Nothing open; each round trip that ends goes to `ended`. */
export function startRuns(assets: number, ended: (trip: RoundTrip) => void): Runs {
  const [side, profit, since] = [new Int8Array(assets), new Float64Array(assets), new Float64Array(assets)];
  return {
    side,
    profit,
    since,
    begin(asset, towards, time) {
      side[asset] = towards;
      since[asset] = time;
    },
    end(asset, time) {
      const towards = side[asset]!;
      const earned = profit[asset]!;
      side[asset] = 0;
      profit[asset] = 0;
      ended({ asset, side: towards, openedAt: since[asset]!, closedAt: time, profit: earned });
    },
  };
}

const WIDTH = 5; // asset, side, opened, closed, profit

/** Round trips as they come, in rows that grow. */
export interface TripRows {
  add(trip: RoundTrip): void;
  trades(): Trades;
}

export function tripRows(): TripRows {
  let rows = new Float64Array(WIDTH * 1024);
  let used = 0;
  return {
    add({ asset, side, openedAt, closedAt, profit }) {
      if (used === rows.length) rows = doubled(rows);
      rows[used] = asset;
      rows[used + 1] = side;
      rows[used + 2] = openedAt;
      rows[used + 3] = closedAt;
      rows[used + 4] = profit;
      used += WIDTH;
    },
    trades: () => tradesOf(rows, used / WIDTH),
  };
}

function doubled(rows: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * rows.length);
  larger.set(rows);
  return larger;
}

function tradesOf(rows: Float64Array, count: number): Trades {
  const column = <A extends Float64Array | Int8Array | Uint16Array>(out: A, at: number): A => {
    for (let i = 0; i < count; i++) out[i] = rows[i * WIDTH + at]!;
    return out;
  };
  return {
    asset: column(new Uint16Array(count), 0),
    side: column(new Int8Array(count), 1),
    openedAt: column(new Float64Array(count), 2),
    closedAt: column(new Float64Array(count), 3),
    profit: column(new Float64Array(count), 4),
  };
}
