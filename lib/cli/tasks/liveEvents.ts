/** Events of a paper run while it lasts: decisions with their signals, fills, and what happened to it. */
import type { Fill } from "../../live/broker/index.js";
import type { Decision } from "../../live/index.js";
import type { LiveRecord, StepRecord } from "../../live/journal/index.js";
import { isoTime } from "../output.js";

/** The signal of one symbol: what was decided and why. */
export interface LiveSignal {
  readonly symbol: string;
  readonly direction: string;
  /** P(return > 0) over the horizon. */
  readonly probability: number;
  readonly confidence: number;
  /** Variances of the forecast, as `vitrade predict` has them. */
  readonly aleatoric: number;
  readonly latent: number;
  readonly epistemic: number;
  /** Signed weight that was wanted, a share of equity, and what the risk limits left of it. */
  readonly wanted: number | null;
  readonly target: number | null;
}

/** Times are ISO UTC. */
export type LiveEvent =
  | { readonly kind: "begin"; readonly symbols: readonly string[]; readonly from: string }
  | {
      readonly kind: "decision";
      readonly time: string;
      readonly equity: number;
      readonly signals: readonly LiveSignal[];
      readonly reasons: readonly string[];
    }
  | {
      readonly kind: "close";
      readonly time: string;
      readonly equity: number;
      readonly reasons: readonly string[];
    }
  | ({ readonly kind: "fill" } & Omit<Fill, "decidedAt" | "filledAt"> & {
        readonly decidedAt: string;
        readonly filledAt: string;
      })
  | { readonly kind: "kill" | "reset"; readonly why: string }
  | { readonly kind: "status"; readonly what: string; readonly detail: string };

/** The events of a record. */
export function eventsOf(symbols: readonly string[], record: LiveRecord, decision?: Decision): LiveEvent[] {
  switch (record.kind) {
    case "begin":
      return [{ kind: "begin", symbols, from: isoTime(record.from) }];
    case "step":
      return [...record.fills.map(fillEvent), stepEvent(symbols, record, decision)];
    case "open":
      return record.fills.map(fillEvent);
    case "kill":
    case "reset":
      return [{ kind: record.kind, why: record.why }];
    case "status":
      return [{ kind: "status", what: record.what, detail: record.detail }];
    default:
      return []; // what the run needs to go on, and nobody else
  }
}

/** A close at which there was a signal is a decision. */
function stepEvent(symbols: readonly string[], record: StepRecord, decision?: Decision): LiveEvent {
  const { equity, reasons, wanted, targets } = record;
  const time = isoTime(record.time);
  const signals = symbols.flatMap((symbol, a): LiveSignal[] => {
    const signal = decision?.signals[a];
    if (!signal) return [];
    const { direction, probability, confidence, aleatoric, latent, epistemic } = signal;
    return [
      {
        ...{ symbol, direction, probability, confidence, aleatoric, latent, epistemic },
        ...{ wanted: wanted[a]!, target: targets[a]! },
      },
    ];
  });
  if (signals.length === 0) return { kind: "close", time, equity, reasons };
  return { kind: "decision", time, equity, signals, reasons };
}

function fillEvent({ decidedAt, filledAt, ...fill }: Fill): LiveEvent {
  return { kind: "fill", ...fill, decidedAt: isoTime(decidedAt), filledAt: isoTime(filledAt) };
}
