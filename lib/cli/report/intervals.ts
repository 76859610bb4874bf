/** The luck of an account: intervals over resampled blocks of its returns. */
import { fold, key, quantile } from "../../core/index.js";
import {
  automaticBlockLength,
  sharpeInfluence,
  stationaryBootstrapIndices,
  studentisedSharpeInterval,
} from "../../trading/significance/index.js";
import type { Block } from "./page.js";

const HISTORIES = 200;
const REPLICATES = 500;
const LEVEL = 0.9;
/** Fewer returns tell nothing of their own spread. */
const LEAST = 20;
const ROOT = key("report");

/** Whether the returns can be resampled: enough of them, not all equal, and none the end of the account. */
function isResampled(returns: Float64Array): boolean {
  return returns.length >= LEAST && returns.some((r) => r !== returns[0]) && returns.every((r) => r > -1);
}

/** [T] ends of the middle 90 % of the equity over resampled histories; undefined where there is nothing to resample. */
export function equityBand(
  returns: Float64Array,
  capital: number,
): { readonly lower: Float64Array; readonly upper: Float64Array } | undefined {
  if (!isResampled(returns)) return undefined;
  const bars = returns.length;
  const meanBlock = blockLength(returns);
  const paths = Array.from({ length: HISTORIES }, (_, h) => {
    let equity = capital;
    const index = stationaryBootstrapIndices(fold(ROOT, "equity", h), bars, meanBlock);
    return Float64Array.from(index, (t) => (equity *= 1 + returns[t]!));
  });
  const lower = new Float64Array(bars);
  const upper = new Float64Array(bars);
  const at = new Float64Array(HISTORIES);
  for (let t = 0; t < bars; t++) {
    for (let h = 0; h < HISTORIES; h++) at[h] = paths[h]![t]!;
    lower[t] = quantile(at, (1 - LEVEL) / 2);
    upper[t] = quantile(at, (1 + LEVEL) / 2);
  }
  return { lower, upper };
}

function blockLength(x: Float64Array): number {
  return Math.min(Math.max(1, automaticBlockLength(x)), x.length / 2);
}

/** The annual Sharpe ratio with its interval, in words. @param year  bars of a year */
export function sharpeInterval(returns: Float64Array, year: number): Block[] {
  if (!isResampled(returns))
    return [
      { kind: "text", text: "The returns do not vary, or the account was lost: there is no interval." },
    ];
  const meanBlock = Math.min(4 * blockLength(sharpeInfluence(returns)), returns.length / 2);
  const found = studentisedSharpeInterval(returns, {
    ...{ key: fold(ROOT, "sharpe"), replicates: REPLICATES, meanBlock, level: LEVEL },
  });
  const [estimate, lower, upper] = [found.estimate, found.lower, found.upper].map((ratio) =>
    (ratio * Math.sqrt(year)).toFixed(2),
  );
  const holdsZero = found.lower <= 0 && found.upper >= 0;
  const verdict = holdsZero
    ? "It holds zero: these returns do not tell skill from luck."
    : "It does not hold zero.";
  return [
    {
      kind: "text",
      text: `The Sharpe ratio is ${estimate} a year, its 90 % interval ${lower} to ${upper} (studentised, ${REPLICATES} resamples in blocks of ${meanBlock.toFixed(0)} bars on average). ${verdict}`,
    },
  ];
}
