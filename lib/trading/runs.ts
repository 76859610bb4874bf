/** Collects round trips while a backtest runs. Internal to `backtest`. */
import type { Trades } from "./ledger.js";

/** The open round trip of each asset, [A], and the closed ones. */
export interface Runs {
  /** 1 long, −1 short, 0 flat. */
  readonly side: Int8Array;
  /** Of the open round trip so far. */
  readonly profit: Float64Array;
  begin(asset: number, side: number, time: number): void;
  end(asset: number, time: number): void;
  trades(): Trades;
}

const WIDTH = 5; // asset, side, opened, closed, profit

export function startRuns(assets: number): Runs {
  const [side, profit, since] = [new Int8Array(assets), new Float64Array(assets), new Float64Array(assets)];
  let rows = new Float64Array(WIDTH * 1024);
  let used = 0;
  return {
    side,
    profit,
    begin(asset, towards, time) {
      side[asset] = towards;
      since[asset] = time;
    },
    end(asset, time) {
      if (used === rows.length) rows = doubled(rows);
      rows[used] = asset;
      rows[used + 1] = side[asset]!;
      rows[used + 2] = since[asset]!;
      rows[used + 3] = time;
      rows[used + 4] = profit[asset]!;
      used += WIDTH;
      side[asset] = 0;
      profit[asset] = 0;
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
