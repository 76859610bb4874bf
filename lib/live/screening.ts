/** What a screen saves and what it costs: the same decisions with and without it. */
import type { Decision } from "./types.js";

/** Counts of decisions with a screen beside those without. */
export type ScreeningRow = {
  /** Answers drawn without the screen, and with it. */
  readonly drawn: number;
  readonly "still drawn": number;
  readonly trades: number;
  readonly "trades lost": number;
  readonly "trades added": number;
};

/** Counts of what was drawn and traded without a screen and with it; a trade is a symbol's side at a time. */
export function screening(full: readonly Decision[], screened: readonly Decision[]): ScreeningRow {
  const [all, left] = [tradesOf(full), tradesOf(screened)];
  return {
    ...{ drawn: drawnOf(full), "still drawn": drawnOf(screened), trades: all.size },
    "trades lost": [...all].filter((trade) => !left.has(trade)).length,
    "trades added": [...left].filter((trade) => !all.has(trade)).length,
  };
}

function tradesOf(decisions: readonly Decision[]): Set<string> {
  const trades = decisions.flatMap(({ time, signals }) =>
    signals.map((signal, a) =>
      signal && signal.direction !== "HOLD" ? `${time} ${a} ${signal.direction}` : "",
    ),
  );
  return new Set(trades.filter((trade) => trade !== ""));
}

function drawnOf(decisions: readonly Decision[]): number {
  return decisions.reduce((total, { drawn }) => total + drawn.filter(Boolean).length, 0);
}
