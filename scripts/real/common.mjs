/** What the studies share: keys, places of rows, weights put together over folds, and intervals. */
import { core, features, trading } from "vitrade";
import { settings } from "./rules.mjs";

export const root = core.key(settings.seed);

/** Half the width of a simultaneous interval in standard errors, by the number of comparisons. */
export const reach = (comparisons) => core.standardNormalQuantile(1 - (1 - settings.level) / 2 / comparisons);

export const isoDay = (time) => new Date(time).toISOString().slice(0, 10);

/** Rows of each asset, for series that lie one after the other. */
export function rowsByAsset({ asset }) {
  const counts = new Map();
  for (const a of asset) counts.set(a, (counts.get(a) ?? 0) + 1);
  return [...counts.values()];
}

/** Rows sorted by asset, then by time: what shifts in time need. */
export function byAsset({ asset, decidedAt }) {
  return Array.from(decidedAt.keys()).sort((n, m) => asset[n] - asset[m] || decidedAt[n] - decidedAt[m]);
}

/** Panels of the same columns, one after the other in time. */
export function joinPanels(panels) {
  const all = (of) => Float64Array.from(panels.flatMap((panel) => Array.from(of(panel))));
  return { time: all(({ time }) => time), names: panels[0].names, values: all(({ values }) => values) };
}

/** Long the two highest, short the two lowest, half of the equity on each side. */
export function longShort(symbols, part, values) {
  const panel = trading.factors.longShortPanel(features.rowsPanel(symbols, part, values), 0.4);
  return { ...panel, values: panel.values.map((weight) => weight / 2) };
}

/** Annual Sharpe ratio of one series of returns less another's, with its simultaneous interval. */
export function sharpeGap(first, second, { comparisons, key, stepMs }) {
  const options = { ...settings.bootstrap, key };
  const { difference, variance } = trading.significance.bootstrapSharpeDifference(first, second, options);
  const year = Math.sqrt(core.barsPerYear(stepMs));
  const half = reach(comparisons) * Math.sqrt(variance) * year;
  const gap = difference * year;
  return { difference: gap, lower: gap - half, upper: gap + half };
}
