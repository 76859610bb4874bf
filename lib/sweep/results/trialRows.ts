/** What a study says of its settings: means over networks, which setting matters, what the best Sharpe ratio is worth. */
import { mean, quantile, standardDeviation } from "../../core/index.js";
import { significance } from "../../trading/index.js";
import { searchedNames, trialCount } from "../plan/trials.js";
import { isLowerBetter } from "../study/scores.js";
import type { Settings } from "../study/settings.js";
import type { Study } from "../study/studyFile.js";
import type { NetworkRow } from "./networkRow.js";
import type { Results } from "./resultFolder.js";

/** One setting of the search over its seeds and folds. */
export interface TrialRow {
  readonly trial: number;
  readonly settings: Settings;
  readonly networks: number;
  readonly epochs: number;
  /** Of all its trainings. */
  readonly seconds: number;
  /** By part and name, over networks that have the score: mean, and the standard error over seeds and folds, NaN of a single one. */
  readonly scores: Readonly<Record<string, { readonly mean: number; readonly error: number }>>;
}

/** A row for each setting that has networks, in their order. */
export function trialRows(rows: readonly NetworkRow[]): TrialRow[] {
  const groups = new Map<number, NetworkRow[]>();
  for (const row of rows) groups.set(row.trial, [...(groups.get(row.trial) ?? []), row]);
  return [...groups.values()]
    .map((own) => ({
      ...{ trial: own[0]!.trial, settings: own[0]!.settings, networks: own.length, epochs: own[0]!.epochs },
      seconds: own.reduce((sum, { seconds }) => sum + seconds, 0),
      scores: Object.fromEntries(Object.keys(own[0]!.scores).map((name) => [name, summaryOf(own, name)])),
    }))
    .sort((a, b) => a.trial - b.trial);
}

function summaryOf(rows: readonly NetworkRow[], name: string) {
  const values = rows.flatMap(({ scores }) => scores[name]?.value ?? []);
  if (values.length === 0) return { mean: Number.NaN, error: Number.NaN };
  const error = values.length > 1 ? standardDeviation(values) / Math.sqrt(values.length) : Number.NaN;
  return { mean: mean(values), error };
}

/** The settings from the best to the worst by the study's score on the validation part; only those trained to the last epoch. */
export function ranked({ select }: Pick<Study, "select">, trials: readonly TrialRow[]): TrialRow[] {
  const last = trials.reduce((most, { epochs }) => Math.max(most, epochs), 0);
  const sign = isLowerBetter(select) ? 1 : -1;
  const loss = ({ scores }: TrialRow) => sign * (scores[`validation_${select}`]?.mean ?? Number.NaN);
  return trials
    .filter((trial) => trial.epochs === last && !Number.isNaN(loss(trial)))
    .sort((a, b) => loss(a) - loss(b) || a.trial - b.trial);
}

/** Rows of the first comparison, at which all settings had the same epochs. */
export async function firstRows(results: Pick<Results, "rows">): Promise<NetworkRow[]> {
  const first: NetworkRow[] = [];
  for await (const rows of results.rows()) first.push(...rows.filter(({ rung }) => rung === 0));
  return first;
}

/** Fraction of the variance between settings that one setting alone explains. */
export type Importance = {
  readonly setting: string;
  /** Distinct values, or quarters of its range where there are more than six. */
  readonly levels: number;
  /** Fraction of the variance of the score between settings, less what chance explains; 0 where that is more. */
  readonly share: number;
};

/**
 * The share of each searched setting in the variance of the score, from the greatest, by one analysis of variance a setting.
 *
 * What settings do together is in none of the shares, so that they need not add up to 1.
 * @see Kelley 1935 for the correction (ε²)
 */
export function importanceOf(study: Study, trials: readonly TrialRow[]): Importance[] {
  const score = `validation_${study.select}`;
  const known = trials.filter(({ scores }) => Number.isFinite(scores[score]?.mean));
  const values = known.map(({ scores }) => scores[score]!.mean);
  return searchedNames(study)
    .map((setting) => {
      const groups = levelsOf(known.map(({ settings }) => settings[setting]!));
      return { setting, levels: new Set(groups).size, share: explained(values, groups) };
    })
    .sort((a, b) => b.share - a.share);
}

const MOST_LEVELS = 6;

/** Values as levels: their own, or the quarter in which a number lies. */
function levelsOf(values: readonly unknown[]): string[] {
  const names = values.map((value) => JSON.stringify(value));
  if (new Set(names).size <= MOST_LEVELS || typeof values[0] !== "number") return names;
  const numbers = values as number[];
  const cuts = [0.25, 0.5, 0.75].map((at) => quantile(numbers, at));
  return numbers.map((value) => String(cuts.filter((cut) => value > cut).length));
}

function explained(values: readonly number[], groups: readonly string[]): number {
  const levels = [...new Set(groups)];
  const free = values.length - levels.length;
  if (levels.length < 2 || free < 1) return Number.NaN;
  const squares = (own: readonly number[]) => own.reduce((sum, value) => sum + (value - mean(own)) ** 2, 0);
  const within = levels.reduce(
    (sum, level) => sum + squares(values.filter((_, n) => groups[n] === level)),
    0,
  );
  const total = squares(values);
  return total > 0 ? Math.max(0, 1 - within / free / (total / (values.length - 1))) : Number.NaN;
}

/** Sharpe ratio of the best setting, deflated by the number of settings that were tried. */
export interface SearchedSharpe {
  readonly trial: number;
  /** Per bar, on the part by which it was chosen, and on the one after it. */
  readonly validation: number;
  readonly test: number;
  readonly deflated: significance.DeflatedSharpe;
}

/**
 * The deflated Sharpe ratio of the best setting by its Sharpe ratio on the validation part: every setting of the study counts as a
 * trial, those given up and those that failed too.
 *
 * Undefined where fewer than two settings have one.
 * @see Bailey & López de Prado 2014
 */
export function searchedSharpe(study: Study, trials: readonly TrialRow[]): SearchedSharpe | undefined {
  const of = ({ scores }: TrialRow, name: string) => scores[name]?.mean ?? Number.NaN;
  const traded = trials.filter((trial) => Number.isFinite(of(trial, "validation_sharpe")));
  if (traded.length < 2) return undefined;
  const ratios = traded.map((trial) => of(trial, "validation_sharpe"));
  const best = traded[ratios.indexOf(Math.max(...ratios))]!;
  const [skew, kurtosis] = [of(best, "validation_sharpe_skew"), of(best, "validation_sharpe_kurtosis")];
  const deflated = significance.deflatedSharpe(
    {
      sharpe: of(best, "validation_sharpe"),
      count: Math.floor(of(best, "validation_sharpe_bars")),
      skew,
      kurtosis: Math.max(kurtosis, 1 + skew * skew),
    },
    { variance: standardDeviation(ratios) ** 2, count: trialCount(study), source: "independent" },
  );
  return {
    trial: best.trial,
    validation: of(best, "validation_sharpe"),
    test: of(best, "test_sharpe"),
    deflated,
  };
}
