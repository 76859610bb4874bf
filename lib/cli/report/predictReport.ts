/** The report of forecasts: the last of each symbol, and means with their uncertainty over time. */
import { mean } from "../../core/index.js";
import { line as lineFigure } from "../../plot/charts/index.js";
import { TIME_AXIS } from "../../plot/index.js";
import type { Forecasts, StoredForecast } from "../tasks/predict.js";
import type { Block, Report } from "./page.js";

/** Forecasts of a symbol that a figure shows: the last ones. */
const SHOWN = 200;

export function predictReport(forecasts: Forecasts): Report {
  const symbols = [...new Set(forecasts.rows.map(({ symbol }) => symbol))];
  const { model, data, horizon, replicas, draws, seed, rows } = forecasts;
  const text = `${rows.length} forecasts of ${model} on ${data}: the log return of the next ${horizon} bars; ${replicas} models, ${draws} draws of the latents each, seed ${seed}.`;
  const seen = rows.filter((row) => row.seen).length;
  const warning = `The model was trained or chosen on ${seen} of these times.`;
  return {
    title: `Forecasts of ${model}`,
    sections: [
      {
        heading: "What was forecast",
        blocks: [
          { kind: "text", text },
          ...(seen > 0 ? [{ kind: "text", text: warning, isWarning: true } as const] : []),
          latestTable(rows, symbols),
          varianceTable(rows, symbols),
        ],
      },
      {
        heading: "Means and their uncertainty",
        blocks: symbols.map((symbol) => symbolFigure(rows.filter((row) => row.symbol === symbol))),
      },
    ],
  };
}

const total = ({ aleatoric, latent, epistemic }: StoredForecast) => aleatoric + latent + epistemic;

function latestTable(rows: readonly StoredForecast[], symbols: readonly string[]): Block {
  const last = symbols.map((symbol) => rows.filter((row) => row.symbol === symbol).at(-1)!);
  return {
    kind: "table",
    rows: last.map((row) => ({
      ...{
        symbol: row.symbol,
        "decided at": row.decidedAt,
        mean: 1e4 * row.mean,
        sd: 1e4 * Math.sqrt(total(row)),
      },
      "P(rise)": row.probabilityUp,
      ...(row.bear === undefined ? {} : { bear: row.bear, sideways: row.sideways!, bull: row.bull! }),
    })),
    options: { caption: "The last forecast of each symbol", units: { mean: "bp", sd: "bp" } },
  };
}

function varianceTable(rows: readonly StoredForecast[], symbols: readonly string[]): Block {
  return {
    kind: "table",
    rows: symbols.map((symbol) => {
      const own = rows.filter((row) => row.symbol === symbol);
      const sd = (pick: (row: StoredForecast) => number) => 1e4 * Math.sqrt(mean(own.map(pick)));
      return {
        ...{ symbol, forecasts: own.length, total: sd(total), aleatoric: sd((row) => row.aleatoric) },
        ...{ latent: sd((row) => row.latent), epistemic: sd((row) => row.epistemic) },
      };
    }),
    options: {
      caption: "Root of the mean variance, and of its parts: the return itself, the latents, the parameters",
      units: { total: "bp", aleatoric: "bp", latent: "bp", epistemic: "bp" },
    },
  };
}

function symbolFigure(all: readonly StoredForecast[]): Block {
  const rows = all.slice(-SHOWN);
  const x = rows.map(({ decidedAt }) => Date.parse(decidedAt));
  const centre = rows.map((row) => 1e4 * row.mean);
  const model = rows.map((row) => 1e4 * Math.sqrt(row.latent + row.epistemic));
  const figure = lineFigure({
    title: `${rows[0]!.symbol}: the mean of the forecast return and the model's own uncertainty about it`,
    ...{ ...TIME_AXIS, yTitle: "mean log return over the horizon [bp]" },
    series: [
      {
        ...{ name: "mean ± one sd of model uncertainty", x, y: centre },
        lower: centre.map((value, i) => value - model[i]!),
        upper: centre.map((value, i) => value + model[i]!),
      },
    ],
    references: [{ axis: "y", at: 0 }],
  });
  const caption = `The last ${rows.length} of ${all.length} forecasts; model uncertainty is latent and epistemic. The return itself spreads by ${(1e4 * Math.sqrt(mean(rows.map((row) => row.aleatoric)))).toFixed(0)} bp.`;
  return { kind: "figure", figure, caption };
}
