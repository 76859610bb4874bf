/** An own strategy by the path of a module: a row of a forecast in, a weight out, tried for what else it depends on. */
import type { Forecast, ForecastRow } from "../../../core/index.js";
import { forecastRow, modelUncertainty } from "../../../core/index.js";
import { type SizingRules, signSignal } from "../../../trading/decisions/index.js";
import { isoTime } from "../../output.js";
import { loadOwn } from "./ownModule.js";

/** What a strategy is given of one symbol at one close. */
export interface StrategyRow {
  readonly symbol: string;
  /** UTC milliseconds. */
  readonly decidedAt: number;
  /** Of the log return over the horizon, and its variances: of the return itself, over the latents, over the parameters. */
  readonly mean: number;
  readonly aleatoric: number;
  readonly latent: number;
  readonly epistemic: number;
  /** latent + epistemic */
  readonly modelUncertainty: number;
  readonly probabilityUp: number;
}

/** Signed weight, a share of the equity. */
type Strategy = (row: StrategyRow) => number;

/**
 * The rules of a module's strategy for the rows of a forecast.
 *
 * It is given one row at a time, so that it cannot look ahead by the row. It is asked for all rows in order of time, again in the
 * opposite order, and again without the later half: one that keeps something from row to row, or draws at random, is refused.
 * @throws Error naming the file, symbol and time of a weight that is no number, or changes.
 */
export async function strategyRules(
  file: string,
  {
    forecast,
    symbols,
    cap,
  }: { readonly forecast: Forecast; readonly symbols: readonly string[]; readonly cap: number },
): Promise<{ readonly rules: SizingRules; readonly sha256: string }> {
  const { run, sha256 } = await loadOwn<Strategy>(file, "of a row of a forecast that returns a weight");
  const rows = Array.from(forecast.asset, (_, n) => forecastRow(forecast, n)).sort(
    (a, b) => a.decidedAt - b.decidedAt || a.asset - b.asset,
  );
  const weigh = (row: ForecastRow): number => weightOf(run, { file, symbols }, row);
  const weights = new Map(rows.map((row) => [placeOf(row), weigh(row)]));
  for (const again of [[...rows].reverse(), rows.slice(0, Math.ceil(rows.length / 2))])
    for (const row of again) {
      const [first, second] = [weights.get(placeOf(row)), weigh(row)];
      if (!Object.is(first, second))
        throw new Error(
          `${file}: expected a weight that depends on its row alone, got ${first} and then ${second} for ${symbols[row.asset]} at ${isoTime(row.decidedAt)}, as the rows before it were others`,
        );
    }
  const signed = (row: ForecastRow): number => weights.get(placeOf(row))!;
  const rules: SizingRules = {
    signal(row) {
      const weight = signed(row);
      const direction = weight === 0 ? "HOLD" : weight > 0 ? "LONG" : "SHORT";
      return { ...signSignal(row), direction, size: Math.sign(weight) };
    },
    position: signed,
    ...{ maxWeight: cap, maxGross: 1 },
  };
  return { rules, sha256 };
}

function placeOf({ asset, decidedAt }: ForecastRow): string {
  return `${asset} ${decidedAt}`;
}

function weightOf(
  run: Strategy,
  { file, symbols }: { readonly file: string; readonly symbols: readonly string[] },
  row: ForecastRow,
): number {
  const { asset, decidedAt, mean, aleatoric, latent, epistemic, probabilityUp } = row;
  const symbol = symbols[asset]!;
  const given = { symbol, decidedAt, mean, aleatoric, latent, epistemic, probabilityUp };
  const weight = run(Object.freeze({ ...given, modelUncertainty: modelUncertainty(row) }));
  if (typeof weight === "number" && Number.isFinite(weight)) return weight;
  throw new Error(`${file}: expected a weight for ${symbol} at ${isoTime(decidedAt)}, got ${String(weight)}`);
}
