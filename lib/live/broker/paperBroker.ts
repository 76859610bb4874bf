/** A broker that fills on paper, by the backtest's own account: it has no connection, and nothing that could send an order. */
import { checkFinite, checkLength } from "../../core/index.js";
import type { RoundTrip } from "../../trading/backtest/index.js";
import {
  type Account,
  type AccountFill,
  type AccountState,
  accountState,
  addFunding,
  type BacktestOptions,
  type Closing,
  checkBacktestOptions,
  clearColumns,
  closeBar,
  LARGEST_WEIGHT,
  openAccount,
  openBar,
  restoreAccount,
} from "../../trading/backtest/index.js";

export interface PaperBrokerOptions extends BacktestOptions {
  readonly symbols: readonly string[];
}

/** What is wanted of each symbol, decided at the close `decidedAt`, UTC milliseconds. */
export interface Targets {
  readonly decidedAt: number;
  /** [A] signed shares of equity; NaN where nothing is to change. */
  readonly targets: Float64Array;
}

/** A trade on paper. Money is in the unit of the capital, times are UTC milliseconds. */
export type Fill = {
  /** Of the order: the same decision of the same symbol is the same order. */
  id: string;
  symbol: string;
  side: "buy" | "sell";
  /** Of the base asset, positive. */
  units: number;
  price: number;
  fee: number;
  spread: number;
  decidedAt: number;
  filledAt: number;
  /** A decision, the order to be flat, or the end of the account. */
  cause: "order" | "flat" | "liquidation";
};

/** Who is long at `time`, UTC milliseconds, pays `rate` times the notional. */
export interface FundingDue {
  readonly time: number;
  readonly rate: number;
}

/** What an open or a close did. */
export interface BrokerReport {
  readonly fills: readonly Fill[];
  /** Round trips that ended. */
  readonly trips: readonly RoundTrip[];
}

interface Pending {
  readonly decidedAt: number;
  /** [A] null where nothing is to change. */
  readonly targets: readonly (number | null)[];
  /** The bar, counted from 0, at whose open it is executed. */
  readonly due: number;
  readonly cause: "order" | "flat";
}

/** Survives JSON, as `AccountState` does. Times are UTC milliseconds, null before the first. */
export interface BrokerState {
  readonly account: AccountState;
  readonly pending: readonly Pending[];
  readonly openedAt: number | null;
  readonly closedAt: number | null;
  readonly decidedAt: number | null;
  /** [A] the last funding that was told, by the time it fell due; and what of it was not yet paid. */
  readonly funded: readonly (number | null)[];
  readonly unpaid: readonly (readonly FundingDue[])[];
}

/** Opens and closes take turns, bar by bar; at a close, decisions may follow. */
export interface PaperBroker {
  readonly symbols: readonly string[];
  readonly options: PaperBrokerOptions;
  /**
   * Takes the targets of the last close, to be executed at the open that `latencyBars` says; returns the ids of the orders, [A].
   * Targets of a close for which there were some already are the same orders: nothing happens.
   */
  submit(targets: Targets): readonly string[];
  /** Replaces all that is waiting by an order to be flat at the next open. */
  flatten(): void;
  /**
   * Tells funding of a symbol whose funding the costs do not give, in order of time. What fell due before the last open or close falls
   * due now; what was told before is passed over.
   */
  fund(symbol: string, due: FundingDue): void;
  /** Whether the funding that falls due at `time` was told. */
  isFunded(symbol: string, time: number): boolean;
  /** Fills what is due at the opening prices [A], NaN where there is none. */
  onOpen(time: number, prices: Float64Array): BrokerReport;
  /** Judges the margin at the worst of the bar's prices and marks at its closing ones, [A] each, NaN where there is none. */
  onClose(time: number, prices: Closing): BrokerReport;
  /** Equity at the last mark. */
  equity(): number;
  /** [A] signed shares of the equity at the last mark. */
  shares(): Float64Array;
  state(): BrokerState;
}

/**
 * A paper account, new or as `state` left it; fills, marks, funding and margin are those of `backtest`, to the bit.
 *
 * It has no clock and keeps nothing of past bars.
 * @throws RangeError when options are out of range, when there is an impact, which asks for volumes, or when events are out of order.
 */
export function openPaperBroker(options: PaperBrokerOptions, state?: BrokerState): PaperBroker {
  checkBacktestOptions(options);
  const { symbols, costs } = options;
  if (symbols.length === 0) throw new RangeError("symbols: expected at least one, got none");
  if (costs.impact)
    throw new RangeError("costs: expected no impact, which a paper broker has no volumes for");
  const news = { fills: [] as AccountFill[], trips: [] as RoundTrip[] };
  const listener = {
    fill: (fill: AccountFill) => news.fills.push(fill),
    trip: (trip: RoundTrip) => news.trips.push(trip),
  };
  const account = openAccount(symbols, options, { rows: 1, listener });
  const desk = openDesk(account, state);
  const report = (of: (fill: AccountFill) => Fill): BrokerReport => ({
    fills: news.fills.splice(0).map(of),
    trips: news.trips.splice(0),
  });
  return {
    symbols,
    options,
    submit: (targets) => submit(account, desk, targets),
    flatten: () => flatten(account, desk),
    fund: (symbol, due) => fund(account, desk, symbol, due),
    isFunded: (symbol, time) => time <= (desk.funded[assetOf(account, symbol)] ?? Number.NEGATIVE_INFINITY),
    onOpen(time, prices) {
      checkTurn(desk, "open", time);
      checkLength("opening prices", prices, symbols.length);
      const due = desk.pending.find((row) => row.due === account.bars);
      desk.pending = desk.pending.filter((row) => row.due > account.bars);
      const targets = Float64Array.from(due?.targets ?? [], (target) => target ?? Number.NaN);
      clearColumns(account.columns);
      openBar(account, { time, prices, targets, due: due ? 0 : -1, impacts: undefined });
      desk.openedAt = time;
      return report((fill) => fillOf(symbols[fill.asset]!, fill, { due, time }));
    },
    onClose(time, prices) {
      checkTurn(desk, "close", time);
      for (const name of ["high", "low", "close"] as const)
        checkLength(`closing prices: ${name}`, prices[name], symbols.length);
      closeBar(account, time, prices);
      desk.closedAt = time;
      return report((fill) => fillOf(symbols[fill.asset]!, fill, { due: undefined, time }));
    },
    equity: () => account.equity,
    shares: () =>
      account.positions.map((units, a) => (units === 0 ? 0 : (units * account.marks[a]!) / account.equity)),
    state: () => ({
      account: accountState(account),
      ...desk,
      funded: [...desk.funded],
      unpaid: unpaid(account),
    }),
  };
}

/** What waits, and what was last. */
interface Desk {
  pending: readonly Pending[];
  openedAt: number | null;
  closedAt: number | null;
  decidedAt: number | null;
  readonly funded: (number | null)[];
}

function openDesk(account: Account, state: BrokerState | undefined): Desk {
  const { symbols } = account;
  if (!state)
    return { pending: [], openedAt: null, closedAt: null, decidedAt: null, funded: symbols.map(() => null) };
  checkLength("state: positions", state.account.positions, symbols.length);
  const { pending, openedAt, closedAt, decidedAt, funded } = state;
  const desk = { pending, openedAt, closedAt, decidedAt, funded: [...funded] };
  restoreAccount(account, state.account, lastMoment(desk));
  state.unpaid.forEach((list, a) => {
    for (const due of list) addFunding(account, a, due);
  });
  return desk;
}

function lastMoment({ openedAt, closedAt }: Desk): number {
  return Math.max(openedAt ?? Number.NEGATIVE_INFINITY, closedAt ?? Number.NEGATIVE_INFINITY);
}

function assetOf({ symbols }: Account, symbol: string): number {
  const asset = symbols.indexOf(symbol);
  if (asset < 0) throw new RangeError(`funding: expected one of ${symbols.join(", ")}, got ${symbol}`);
  return asset;
}

function fund(account: Account, desk: Desk, symbol: string, { time, rate }: FundingDue): void {
  const asset = assetOf(account, symbol);
  checkFinite(`funding of ${symbol}`, [time, rate]);
  if (account.options.costs.funding?.[symbol])
    throw new RangeError(`funding of ${symbol}: expected none beside that of the costs`);
  if (time <= (desk.funded[asset] ?? Number.NEGATIVE_INFINITY)) return;
  addFunding(account, asset, { time: Math.max(time, lastMoment(desk) + 1), rate });
  desk.funded[asset] = time;
}

/** [A] what was told and has not fallen due. */
function unpaid({ fundings, nextFunding, symbols, options }: Account): FundingDue[][] {
  return fundings.map(({ time, rate }, a) => {
    if (options.costs.funding?.[symbols[a]!]) return [];
    return Array.from(time.subarray(nextFunding[a]), (due, i) => ({
      time: due,
      rate: rate[nextFunding[a]! + i]!,
    }));
  });
}

/** Whether a bar has been opened and not yet closed. */
function isInBar({ openedAt, closedAt }: Desk): boolean {
  return openedAt !== null && (closedAt === null || openedAt >= closedAt);
}

function checkTurn(desk: Desk, event: "open" | "close", time: number): void {
  const wanted = isInBar(desk) ? "close" : "open";
  const last = wanted === "open" ? (desk.closedAt ?? Number.NEGATIVE_INFINITY) : desk.openedAt!;
  const inOrder = wanted === "open" ? time >= last : time > last;
  if (event === wanted && inOrder) return;
  const after = Number.isFinite(last) ? ` after ${iso(last)}` : "";
  throw new RangeError(`expected the next ${wanted}${after}, got the ${event} of ${iso(time)}`);
}

function submit(account: Account, desk: Desk, { decidedAt, targets }: Targets): readonly string[] {
  const { symbols, bars, options } = account;
  checkTargets(symbols, targets);
  if (desk.decidedAt === null || decidedAt > desk.decidedAt) {
    if (decidedAt !== desk.closedAt || isInBar(desk)) {
      const last = desk.closedAt === null ? "none yet" : iso(desk.closedAt);
      throw new RangeError(
        `expected targets between the last close, ${last}, and the open after it, got those of ${iso(decidedAt)}`,
      );
    }
    const row = Array.from(targets, (target) => (Number.isNaN(target) ? null : target));
    const order: Pending = { decidedAt, targets: row, due: bars + options.costs.latencyBars, cause: "order" };
    desk.pending = [...desk.pending, order];
    desk.decidedAt = decidedAt;
  }
  return symbols.map((symbol) => orderId(decidedAt, symbol));
}

function checkTargets(symbols: readonly string[], targets: Float64Array): void {
  checkLength("targets", targets, symbols.length);
  const bad = targets.findIndex((target) => Math.abs(target) > LARGEST_WEIGHT);
  if (bad < 0) return;
  const wanted = Number.isFinite(targets[bad]) ? `at most ${LARGEST_WEIGHT} in size` : "a share or NaN";
  throw new RangeError(`target of ${symbols[bad]}: expected ${wanted}, got ${targets[bad]}`);
}

/** The order that a decision makes of a symbol. */
export function orderId(decidedAt: number, symbol: string): string {
  return `${decidedAt}-${symbol}`;
}

function flatten({ symbols, bars }: Account, desk: Desk): void {
  const decidedAt = Math.max(desk.openedAt ?? 0, desk.closedAt ?? 0);
  const due = isInBar(desk) ? bars + 1 : bars;
  desk.pending = [{ decidedAt, targets: symbols.map(() => 0), due, cause: "flat" }];
}

function fillOf(
  symbol: string,
  { units, price, fee, spread, liquidation }: AccountFill,
  { due, time }: { readonly due: Pending | undefined; readonly time: number },
): Fill {
  const cause = liquidation ? "liquidation" : due!.cause;
  const decidedAt = liquidation ? time : due!.decidedAt;
  return {
    id: cause === "order" ? orderId(decidedAt, symbol) : `${orderId(decidedAt, symbol)}-${cause}`,
    symbol,
    side: units > 0 ? "buy" : "sell",
    units: Math.abs(units),
    ...{ price, fee, spread, decidedAt },
    filledAt: time,
    cause,
  };
}

function iso(time: number): string {
  return Number.isFinite(time) ? new Date(time).toISOString() : String(time);
}
