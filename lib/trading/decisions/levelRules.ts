/** Named sizing rules brought to one level, so that they can be compared. */
import { type Forecast, type ForecastRow, forecastRows, mean, quantile } from "../../core/index.js";
import { atMeanWeight } from "./atMeanWeight.js";
import {
  DEFAULT_RULES,
  type PositionRule,
  positionWeight,
  type SignalRule,
  type SizingRules,
  signalOf,
} from "./rules.js";
import type { Signal } from "./signal.js";

/** Settings of `levelRules`: the common level and the limits. */
export interface LevelOptions extends Pick<SizingRules, "maxWeight" | "maxGross"> {
  /** Mean weight of a symbol over the forecasts, before limits. */
  readonly weight: number;
}

/**
 * Sizing rules by name, each scaled so that its mean weight over the forecasts is the same.
 * @param forecasts  of a part that decides nothing else, such as the validation part
 * @throws RangeError as `atMeanWeight`.
 */
export function levelRules<Name extends string>(
  positions: Readonly<Record<Name, PositionRule>>,
  forecasts: Forecast,
  { weight, ...limits }: LevelOptions,
): Record<Name, SizingRules> {
  return byName(positions, (position) => ({
    position: atMeanWeight(position, forecasts, weight),
    ...limits,
  }));
}

/** The same rules with another way to choose the side. */
export function withSignal<Name extends string>(
  rules: Readonly<Record<Name, SizingRules>>,
  signal: SignalRule,
): Record<Name, SizingRules> {
  return byName(rules, (own) => ({ ...own, signal }));
}

/** The signal of an account that is always long, whatever is predicted: a side for studies of sizes alone. */
export function alwaysLong(row: ForecastRow): Signal {
  return { ...signalOf(row, { kind: "sign" }), direction: "LONG", confidence: row.probabilityUp, size: 1 };
}

/** Sizes of a rule over forecasts, percent of equity a symbol. */
export type SizeRow = {
  readonly rule: string;
  readonly mean: number;
  readonly "5 %": number;
  readonly median: number;
  readonly "95 %": number;
};

/** Mean and quantiles of the size of each rule over the rows of a forecast, up to the limit of a symbol and before that on the gross. */
export function sizeTable(rules: Readonly<Record<string, SizingRules>>, forecast: Forecast): SizeRow[] {
  const rows = forecastRows(forecast);
  return Object.entries(rules).map(([rule, { position = DEFAULT_RULES.position, maxWeight }]) => {
    const sizes = rows.map((row) => 100 * Math.min(maxWeight, positionWeight(row, position)));
    const at = (share: number) => quantile(sizes, share);
    return { rule, mean: mean(sizes), "5 %": at(0.05), median: at(0.5), "95 %": at(0.95) };
  });
}

function byName<Name extends string, From, To>(
  record: Readonly<Record<Name, From>>,
  made: (value: From) => To,
): Record<Name, To> {
  const names = Object.keys(record) as Name[];
  return Object.fromEntries(names.map((name) => [name, made(record[name])])) as Record<Name, To>;
}
