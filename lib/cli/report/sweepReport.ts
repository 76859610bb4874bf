/** The report of a study: which settings were best, what matters, what the search has cost, what the best is worth. */

import { bars, parallel, scatter } from "../../plot/charts/index.js";
import type { Figure } from "../../plot/index.js";
import { searchedNames, trialCount } from "../../sweep/plan/index.js";
import {
  finalRows,
  firstRows,
  importanceOf,
  type NetworkRow,
  type Results,
  ranked,
  searchedSharpe,
  type TrialRow,
  trialRows,
} from "../../sweep/results/index.js";
import type { Study } from "../../sweep/study/index.js";
import type { SweepReport } from "../tasks/sweep.js";
import type { Block, Report } from "./page.js";

/** Settings in the table of the best. */
const SHOWN = 10;

/** The report of results; of a study that is not over it shows what there is. */
export async function sweepReport(report: SweepReport, study: Study, results: Results): Promise<Report> {
  const rows = await finalRows(results);
  const trials = trialRows(rows);
  const best = ranked(study, trials);
  return {
    title: `Study ${study.name}`,
    sections: [
      {
        heading: "What was searched",
        blocks: [doneBlock(report, study), ...asideBlocks(report), bestTable(study, best)],
      },
      { heading: "The trade-off", blocks: tradeOff(study, trials, best) },
      { heading: "Settings side by side", blocks: sideBySide(study, trials, best) },
      { heading: "Which setting matters", blocks: importance(study, trialRows(await firstRows(results))) },
      { heading: "What the best is worth", blocks: worth(study, trials) },
      { heading: "What the search cost", blocks: costs(trials, rows) },
    ],
  };
}

function doneBlock({ networks, rows, settings, folds, seeds }: SweepReport, study: Study): Block {
  const text = `${rows} of ${networks} networks of the model ${study.model}: ${settings} settings, ${folds} folds, ${seeds} seeds. Chosen by ${study.select} on the validation part; data ${study.data.sha256.slice(0, 12)}….`;
  return { kind: "text", text };
}

function asideBlocks({ setAside }: SweepReport): Block[] {
  return setAside.slice(0, 5).map(({ networks, error, tries }) => ({
    kind: "text",
    text: `Network ${networks.join(", ")} could not be trained in ${tries} tries: ${error}`,
    isWarning: true,
  }));
}

function bestTable(study: Study, best: readonly TrialRow[]): Block {
  const names = Object.keys(best[0]?.scores ?? {}).filter((name) => !/_sharpe_/.test(name));
  const rows = best.slice(0, SHOWN).map(({ trial, settings, networks, scores }) => ({
    setting: trial,
    ...Object.fromEntries(searchedNames(study).map((name) => [name, wordOf(settings[name])])),
    networks,
    ...Object.fromEntries(names.map((name) => [name.replace("_", " "), scores[name]!.mean])),
  }));
  const caption = "The best settings first: means over folds and seeds";
  return { kind: "table", rows, options: { caption, digits: 4 } };
}

/** What is encoded against what is lost, where there are latent dimensions; else the score that chose against the one after it. */
function tradeOff(study: Study, trials: readonly TrialRow[], best: readonly TrialRow[]): Block[] {
  const hasCurve = study.scores.includes("kl") && study.scores.includes("distortion");
  const score = study.select;
  const axes: readonly [string, string] = hasCurve
    ? ["test_kl", "test_distortion"]
    : [`validation_${score}`, score === "elbo" ? "validation_elbo" : `test_${score}`];
  const titles = hasCurve
    ? ["KL to the prior [nats a row]", "squared error of a row"]
    : axes.map((name) => name.replace("_", " "));
  const title = hasCurve
    ? "What the latents cost and what they lose, on the test part"
    : "What was chosen by, and what came of it: luck of the choice lies off the trend";
  const first = best[0]?.trial;
  const group = (name: string, own: readonly TrialRow[]) => pointsOf(study, name, own, axes);
  const others = trials.filter(({ trial }) => trial !== first);
  const figure = scatter({
    ...{ title, xTitle: titles[0]!, yTitle: titles[1]! },
    series: [group("settings", others), group("the best", best.slice(0, 1))].filter(({ x }) => x.length > 0),
  });
  return [
    {
      kind: "figure",
      figure,
      caption: "A point a setting: means over folds and seeds; bars: one standard error of it.",
    },
  ];
}

function pointsOf(
  study: Study,
  name: string,
  trials: readonly TrialRow[],
  [x, y]: readonly [string, string],
) {
  const shown = trials.filter(
    ({ scores }) => Number.isFinite(scores[x]?.mean) && Number.isFinite(scores[y]?.mean),
  );
  const error = ({ scores }: TrialRow) => (Number.isFinite(scores[y]!.error) ? scores[y]!.error : 0);
  return {
    name,
    x: shown.map(({ scores }) => scores[x]!.mean),
    y: shown.map(({ scores }) => scores[y]!.mean),
    yLower: shown.map((trial) => trial.scores[y]!.mean - error(trial)),
    yUpper: shown.map((trial) => trial.scores[y]!.mean + error(trial)),
    labels: shown.map(({ settings }) =>
      searchedNames(study)
        .map((each) => `${each} ${wordOf(settings[each])}`)
        .join(", "),
    ),
  };
}

function sideBySide(study: Study, trials: readonly TrialRow[], best: readonly TrialRow[]): Block[] {
  const names = searchedNames(study);
  if (names.length === 0) return [{ kind: "text", text: "Nothing was searched: there is one setting." }];
  const score = `validation_${study.select}`;
  const top = new Set(best.slice(0, Math.max(1, Math.ceil(best.length / 5))).map(({ trial }) => trial));
  const places = (is: boolean) => trials.flatMap(({ trial }, n) => (top.has(trial) === is ? [n] : []));
  const figure: Figure = parallel({
    title: "Every setting as a line, and where the best lie",
    axes: [
      ...names.map((name) => axisOf(name, trials)),
      {
        name: score.replace("_", " "),
        values: trials.map(({ scores }) => scores[score]?.mean ?? Number.NaN),
      },
    ],
    groups: [
      { name: "best fifth", rows: places(true) },
      { name: "others", rows: places(false) },
    ],
  });
  return [
    {
      kind: "figure",
      figure,
      caption:
        "Each axis from its least value to its greatest; lists and names in the order in which they came.",
    },
  ];
}

/** A setting as an axis: numbers as they are, all else by the order in which it came. */
function axisOf(name: string, trials: readonly TrialRow[]) {
  const values = trials.map(({ settings }) => settings[name]);
  if (values.every((value) => typeof value === "number")) return { name, values: values as number[] };
  const words = values.map(wordOf);
  const order = [...new Set(words)];
  return {
    name,
    values: words.map((word) => order.indexOf(word)),
    ends: [order[0]!, order.at(-1)!] as const,
  };
}

function importance(study: Study, trials: readonly TrialRow[]): Block[] {
  const all = importanceOf(study, trials).filter(({ share }) => Number.isFinite(share));
  if (all.length === 0)
    return [
      {
        kind: "text",
        text: "Too few settings were tried to say which matters: one value each leaves no variance within.",
      },
    ];
  const figure = bars({
    title: `Variance of the ${study.select} between settings that one setting explains`,
    ...{ xTitle: "share, less what chance explains", yTitle: "", horizontal: true },
    categories: all.map(({ setting }) => setting),
    series: [{ name: "share", values: all.map(({ share }) => share) }],
  });
  return [
    {
      kind: "figure",
      figure,
      caption:
        "Of each setting alone, at the first comparison, where all had the same epochs; what settings do together is in none.",
    },
  ];
}

function worth(study: Study, trials: readonly TrialRow[]): Block[] {
  const found = searchedSharpe(study, trials);
  if (!found)
    return [
      {
        kind: "text",
        text: "No Sharpe ratio was asked for, or fewer than two settings have one: name sharpe among the scores.",
      },
    ];
  const { trial, validation, test, deflated } = found;
  const text =
    `Setting ${trial} has the highest Sharpe ratio on the validation part, ${validation.toFixed(4)} a bar; ` +
    `the best of ${trialCount(study)} settings without skill would show ${deflated.benchmark.toFixed(4)}. ` +
    `The probability that its true ratio is above that is ${deflated.probability.toFixed(3)}: every setting of the study counts. ` +
    `On the test part, which chose nothing, it is ${test.toFixed(4)}.`;
  return [{ kind: "text", text, isWarning: deflated.probability < 0.95 }];
}

function costs(trials: readonly TrialRow[], rows: readonly NetworkRow[]): Block[] {
  const seconds = trials.reduce((sum, trial) => sum + trial.seconds, 0);
  const hosts = new Set(rows.map(({ host }) => host)).size;
  const memory = rows.reduce((most, { megabytes }) => Math.max(most, megabytes), 0);
  const byEpochs = new Map<number, TrialRow[]>();
  for (const trial of trials) byEpochs.set(trial.epochs, [...(byEpochs.get(trial.epochs) ?? []), trial]);
  const table = [...byEpochs]
    .sort(([a], [b]) => a - b)
    .map(([epochs, own]) => ({
      "trained to epoch": epochs,
      settings: own.length,
      networks: own.reduce((sum, { networks }) => sum + networks, 0),
      "seconds of work": own.reduce((sum, trial) => sum + trial.seconds, 0),
    }));
  const text = `${seconds.toFixed(1)} s of work on ${hosts} ${hosts === 1 ? "machine" : "machines"}, ${(seconds / Math.max(1, rows.length)).toFixed(3)} s a network; a process held ${memory.toFixed(0)} MB at most.`;
  return [
    { kind: "text", text },
    { kind: "table", rows: table },
  ];
}

function wordOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
