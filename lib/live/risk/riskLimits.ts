/** Risk limits between a decision and its orders: they can only make positions smaller, each with its reason. */
import { checkLength } from "../../core/index.js";
import { limitExposure } from "../broker/exposure.js";
import { checkRiskOptions, type RiskLimitOptions } from "./riskOptions.js";
import { dailyLoss, startDay, type TradingDay } from "./tradingDay.js";
import { excessUncertainty, seeUncertainty } from "./uncertaintyLimit.js";

/** What is known when a decision is limited. Arrays are [A]; times are UTC milliseconds. */
export interface Circumstances {
  /** Of the decision: the close of its bar. */
  readonly time: number;
  /** The clock's reading. */
  readonly now: number;
  /** Signed shares of equity that are held. */
  readonly shares: Float64Array;
  /** Latent + epistemic variance behind each target; NaN where there is none. */
  readonly modelUncertainty: Float64Array;
  /** When the last order book came; NaN where none has. */
  readonly bookAt: Float64Array;
  /** Quoted spread, basis points; NaN where no book has come. */
  readonly spreadBps: Float64Array;
  /** Why no symbol may take new risk, whatever the limits are; absent where it may. */
  readonly halt?: string | undefined;
}

/** Targets within the limits, and why they are not those that were wanted. */
export interface Limited {
  /** [A] NaN where nothing is to change. */
  readonly targets: Float64Array;
  readonly reasons: readonly string[];
}

/** Survives JSON. */
export interface RiskState {
  readonly killed: string | null;
  readonly day: TradingDay;
  /** [A] the last model uncertainties of each symbol, oldest first. */
  readonly seen: readonly (readonly number[])[];
}

export interface RiskLimits {
  readonly options: RiskLimitOptions;
  /** Tells the equity at a close, which may trip the limit on the loss of a day. */
  mark(time: number, equity: number): void;
  /** Brings targets within the limits. It changes nothing that it knows: `note` does. */
  limit(targets: Float64Array, circumstances: Circumstances): Limited;
  /** Tells the model uncertainties [A] of a decision that was taken; NaN where there is none. */
  note(modelUncertainty: Float64Array): void;
  /** Flat from now on, for good. */
  kill(why: string): void;
  /** Lets risk be taken again after the loss of a day. It does not undo `kill`. */
  reset(): void;
  state(): RiskState;
}

/**
 * Limits for `symbols`, new or as `state` left them.
 *
 * They bind what is ordered: between two decisions prices move positions, and a limit that is exceeded then is restored by the next
 * decision. In the order in which they act: the kill switch and the loss of a day make all flat; too much uncertainty makes its
 * symbol flat; old data or a wide spread let its symbol only be reduced; then single positions, gross and net are cut.
 * @throws RangeError when an option is out of range.
 */
export function openRiskLimits(
  options: RiskLimitOptions,
  {
    symbols,
    capital,
    state,
  }: { readonly symbols: readonly string[]; readonly capital: number; readonly state?: RiskState },
): RiskLimits {
  checkRiskOptions(options);
  let killed = state?.killed ?? null;
  let day = state?.day ?? startDay(capital);
  const seen = symbols.map((_, a) => [...(state?.seen[a] ?? [])]);
  return {
    options,
    mark(time, equity) {
      day = dailyLoss(day, { time, equity }, options.dailyLoss);
    },
    limit(targets, circumstances) {
      checkLength("targets", targets, symbols.length);
      const halt = killed ?? day.tripped;
      if (halt !== null) return { targets: new Float64Array(symbols.length), reasons: [`flat: ${halt}`] };
      return limitAll(options, symbols, { targets, circumstances, seen });
    },
    note: (modelUncertainty) =>
      seen.forEach((values, a) => {
        seeUncertainty(values, modelUncertainty[a]!, options.modelUncertainty);
      }),
    kill(why) {
      killed ??= why;
    },
    reset() {
      day = { ...day, tripped: null, begunWith: day.last };
    },
    state: () => ({ killed, day, seen: seen.map((values) => [...values]) }),
  };
}

interface Case {
  readonly targets: Float64Array;
  readonly circumstances: Circumstances;
  readonly seen: readonly (readonly number[])[];
}

function limitAll(
  options: RiskLimitOptions,
  symbols: readonly string[],
  { targets, circumstances, seen }: Case,
): Limited {
  const reasons: string[] = [];
  const { modelUncertainty, shares } = circumstances;
  const wanted = targets.map((target, a) => {
    if (Number.isNaN(target)) return target;
    const uncertain = excessUncertainty(modelUncertainty[a]!, seen[a]!, options.modelUncertainty);
    const barred = uncertain ?? noNewRisk(options, circumstances, a);
    const allowed = uncertain ? 0 : barred ? reduceOnly(target, shares[a]!) : target;
    if (allowed !== target) reasons.push(`${symbols[a]}: ${barred}, ${uncertain ? "flat" : "reduce only"}`);
    return allowed;
  });
  const exposure = limitExposure(wanted, shares, options);
  return { targets: exposure.targets, reasons: [...reasons, ...exposure.reasons] };
}

/** Why a symbol must take no new risk; undefined where it may. */
function noNewRisk(
  { stale, spreadBps }: RiskLimitOptions,
  now: Circumstances,
  a: number,
): string | undefined {
  if (now.halt !== undefined) return now.halt;
  const barAge = now.now - now.time;
  const bookAge = now.now - now.bookAt[a]!;
  if (stale?.barMs !== undefined && barAge > stale.barMs)
    return `bar is ${barAge} ms old, more than ${stale.barMs}`;
  if (stale?.bookMs !== undefined && !(bookAge <= stale.bookMs))
    return Number.isNaN(bookAge)
      ? "no order book"
      : `order book is ${bookAge} ms old, more than ${stale.bookMs}`;
  if (spreadBps !== undefined && !(now.spreadBps[a]! <= spreadBps))
    return `spread is ${now.spreadBps[a]!.toPrecision(3)} bps, more than ${spreadBps}`;
  return undefined;
}

/** The target where it is smaller than what is held, on the same side; else nothing is to change, or flat where it would turn. */
function reduceOnly(target: number, held: number): number {
  if (target * held <= 0) return 0;
  return Math.abs(target) < Math.abs(held) ? target : Number.NaN;
}
