/** The report of a training: how the bound went, how long it took to get there, and on what. */
import { line as lineFigure } from "../../plot/charts/index.js";
import type { MarketModel } from "../tasks/fits/modelFile.js";
import type { TrainReport } from "../tasks/fits/train.js";
import type { Block, Report } from "./page.js";

export function trainReport(report: TrainReport, { config, fit, family }: MarketModel): Report {
  const epochs = fit.history.map(({ epoch }) => epoch + 1);
  const ofReplicas = (pick: (record: (typeof fit.history)[number]) => readonly number[]) =>
    Array.from({ length: report.replicas }, (_, r) => fit.history.map((record) => pick(record)[r]!));
  const bound = lineFigure({
    title: `The bound on windows that were not trained on: best at epoch ${report.bestEpoch.join(", ")}`,
    ...{ xTitle: "epoch", yTitle: "ELBO at β = 1 [nats a window]" },
    series: [
      { name: "training part", x: epochs, seeds: ofReplicas(({ elbo }) => elbo) },
      { name: "validation part", x: epochs, seeds: ofReplicas(({ validation }) => validation) },
    ],
  });
  const parts = lineFigure({
    title: `KL of the ${family === "vae" ? "latent posterior" : "posterior of the weights"} to the prior, on the training part`,
    ...{ xTitle: "epoch", yTitle: "nats a window" },
    series: [{ name: "KL", x: epochs, seeds: ofReplicas(({ kl }) => kl) }],
  });
  const caption = `Thin lines: ${report.replicas} models that differ by their keys alone; thick: their median.`;
  return {
    title: `Training of ${report.out}`,
    sections: [
      { heading: "What was trained", blocks: [doneBlock(report), ...bestTable(report)] },
      {
        heading: "How it went",
        blocks: [
          { kind: "figure", figure: bound, caption },
          { kind: "figure", figure: parts, caption },
        ],
      },
      { heading: "Settings", blocks: [settingsTable(config)] },
    ],
  };
}

function doneBlock(report: TrainReport): Block {
  const { replicas, parameters, rows, epochs, ended, backend, seed, loss } = report;
  return {
    kind: "text",
    text:
      `${replicas} models of ${parameters} parameters on ${rows.train} windows, chosen on ${rows.validation}; ${epochs} epochs (${ended}), ` +
      `backend ${backend}, seed ${seed}. Loss ${loss.first.toFixed(1)} → ${loss.last.toFixed(1)} nats a window.`,
  };
}

function bestTable({ bestEpoch, bestElbo }: TrainReport): Block[] {
  const rows = bestElbo.map((bound, r) => ({ model: r, "epoch of its weights": bestEpoch[r]!, bound }));
  return [
    {
      kind: "table",
      rows,
      options: { caption: "Bound at β = 1 on the validation part, nats a window", digits: 5 },
    },
  ];
}

function settingsTable(config: object): Block {
  const rows = Object.entries(config).flatMap(([name, value]) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.entries(value).map(([key, own]) => ({ setting: `${name}.${key}`, value: wordsOf(own) }))
      : [{ setting: name, value: wordsOf(value) }],
  );
  return { kind: "table", rows };
}

function wordsOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
