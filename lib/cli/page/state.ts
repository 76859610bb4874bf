/** The state of the live page, built up from the events of a run. */
import type { LiveEvent, LiveSignal } from "../tasks/liveEvents.js";

/** What a run lets a page ask and do. */
export interface LiveControl {
  readonly symbols: readonly string[];
  /** The risk limits in words. */
  readonly limits: readonly string[];
  /** Signed shares of equity that are held. */
  positions(): Readonly<Record<string, number>>;
  equity(): number;
  /** Why the run is flat for good; null while it is not. */
  killed(): string | null;
  kill(why: string): void;
}

/** A point of the equity. */
export type EquityPoint = readonly [time: string, equity: number];

export interface PageState {
  readonly symbols: readonly string[];
  readonly limits: readonly string[];
  readonly equity: readonly EquityPoint[];
  readonly positions: Readonly<Record<string, number>>;
  /** Of the last decision. */
  readonly signals: readonly LiveSignal[];
  readonly decidedAt: string | null;
  /** The last events, newest last. */
  readonly tail: readonly LiveEvent[];
  readonly killed: string | null;
}

/** Points of equity and events that are kept: enough for a screen. */
const POINTS = 1500;
const TAIL = 40;

export interface StateKeeper {
  see(event: LiveEvent): void;
  state(control: LiveControl): PageState;
}

export function keepState(): StateKeeper {
  let equity: EquityPoint[] = [];
  let signals: readonly LiveSignal[] = [];
  let decidedAt: string | null = null;
  const tail: LiveEvent[] = [];
  return {
    see(event) {
      if (event.kind === "close" || event.kind === "decision") equity.push([event.time, event.equity]);
      if (equity.length > POINTS) equity = equity.filter((_, i) => i % 2 === 1);
      if (event.kind === "decision") [signals, decidedAt] = [event.signals, event.time];
      if (event.kind !== "close") tail.push(event);
      if (tail.length > TAIL) tail.shift();
    },
    state: (control) => ({
      ...{ symbols: control.symbols, limits: control.limits, equity, signals, decidedAt, tail: [...tail] },
      ...{ positions: control.positions(), killed: control.killed() },
    }),
  };
}
