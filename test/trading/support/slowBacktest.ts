/** A backtest written differently: an object a bar, weights and accounts by symbol, nothing shared with the library. */
import type { Bars, Panel } from "../../../lib/core/types.js";
import type { BacktestOptions } from "../../../lib/trading/backtest/backtestInput.js";

export interface SlowRow {
  equity: number;
  cash: number;
  cost: number;
  funding: number;
  units: Record<string, number>;
  liquidated: boolean;
}

export function slowBacktest(weights: Panel, bars: readonly Bars[], options: BacktestOptions): SlowRow[] {
  const {
    costs,
    capital = 1,
    leverageLimit = 1e300,
    maintenanceMargin = 0,
    rebalance = "every bar",
  } = options;
  const symbols = bars.map((b) => b.symbol);
  const makers = costs.makerShare ?? 0;
  const perUnit =
    makers * costs.makerBps * 1e-4 + (1 - makers) * (costs.takerBps + costs.halfSpreadBps) * 1e-4;
  let account = { cash: capital, units: Object.fromEntries(symbols.map((s) => [s, 0])), liquidated: false };
  const last: Record<string, number> = {};
  const executed: Record<string, number> = Object.fromEntries(symbols.map((s) => [s, 0]));
  const worth = () =>
    symbols.reduce((sum, s) => sum + (account.units[s] ? account.units[s]! * last[s]! : 0), account.cash);
  const rows: SlowRow[] = [];
  const dueBetween = (symbol: string, after: number, until: number) => {
    const { time, rate } = costs.funding?.[symbol] ?? { time: [], rate: [] };
    return Array.from(time).reduce((sum, at, i) => sum + (at > after && at <= until ? rate[i]! : 0), 0);
  };
  let knownUntil = Number.NEGATIVE_INFINITY;
  bars[0]!.openTime.forEach((opened, t) => {
    const row = { cost: 0, funding: 0 };
    const fund = (until: number) => {
      for (const s of symbols) {
        if (!account.units[s]) continue;
        const paid = account.units[s]! * last[s]! * dueBetween(s, knownUntil, until);
        row.funding += paid;
        account = { ...account, cash: account.cash - paid };
      }
      knownUntil = until;
    };
    const reprice = (column: "open" | "close") => {
      for (const b of bars) if (Number.isFinite(b[column][t]!)) last[b.symbol] = b[column][t]!;
    };
    const margin = (prices: Record<string, number> = last) => {
      const held = symbols.filter((s) => account.units[s]);
      const gross = held.reduce((sum, s) => sum + Math.abs(account.units[s]! * prices[s]!), 0);
      const left = held.reduce((sum, s) => sum + account.units[s]! * prices[s]!, account.cash);
      if (account.liquidated || left > maintenanceMargin * gross) return;
      const charged = gross * (costs.takerBps + costs.halfSpreadBps) * 1e-4;
      row.cost += Math.max(charged, left); // what the charges leave goes to the exchange
      account = { cash: 0, units: Object.fromEntries(symbols.map((s) => [s, 0])), liquidated: true };
    };
    const worst = () =>
      Object.fromEntries(
        bars.map((b) => {
          const extreme = account.units[b.symbol]! > 0 ? b.low[t]! : b.high[t]!;
          return [b.symbol, Number.isFinite(extreme) ? extreme : last[b.symbol]!];
        }),
      );
    fund(opened);
    reprice("open");
    margin();
    const decided = t - 1 - costs.latencyBars;
    if (decided >= 0 && !account.liquidated) {
      const raw = Array.from(weights.values.slice(decided * symbols.length, (decided + 1) * symbols.length));
      const gross = raw.filter(Number.isFinite).reduce((sum, w) => sum + Math.abs(w), 0);
      const equity = worth();
      symbols.forEach((s, a) => {
        const target = raw[a]! * (gross > leverageLimit ? leverageLimit / gross : 1);
        const price = bars[a]!.open[t]!;
        if (!Number.isFinite(target) || !Number.isFinite(price)) return;
        const now = (account.units[s]! * price) / equity;
        const still =
          rebalance === "when changed"
            ? target === executed[s]
            : typeof rebalance === "object" && Math.abs(target - now) <= rebalance.band;
        if (still && target !== 0) return;
        executed[s] = target;
        const wanted = (target * equity) / price;
        const cost = Math.abs(wanted - account.units[s]!) * price * perUnit;
        row.cost += cost;
        account = {
          ...account,
          cash: account.cash - cost - (wanted - account.units[s]!) * price,
          units: { ...account.units, [s]: wanted },
        };
      });
    }
    margin();
    margin(worst());
    reprice("close");
    fund(opened + bars[0]!.stepMs);
    margin();
    rows.push({ ...row, ...account, equity: worth() });
  });
  return rows;
}
