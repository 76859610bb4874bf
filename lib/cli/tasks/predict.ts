/** `vitrade predict`: the forecasts of a trained model for the windows of a dataset, in returns; those that a live run makes, to the bit. */

import type {
  BackendChoice,
  Bars,
  Forecast,
  Key,
  NormalDraws,
  Panel,
  ProbabilityDraws,
  Windows,
} from "../../core/index.js";
import { decisionKey, key, momentsOf } from "../../core/index.js";
import { scaledFeatures, takeWindows } from "../../features/windows/index.js";
import { forecastOfDraws } from "../../live/pipeline/index.js";
import { type Forecaster, openForecaster } from "../../models/bnn/index.js";
import { type MarketForecaster, openMarketForecaster } from "../../models/marketVae/index.js";
import { startBackend } from "../../nn/index.js";
import { isoTime } from "../output.js";
import { checkSeen, type MarketModel, readModel, readsFlow } from "./fits/modelFile.js";
import { withChecksum } from "./forecastsFile.js";
import { readDataset, type StoredDataset } from "./sources/datasetFile.js";
import { forecastWindows, panelsOf, targetScaleOf } from "./sources/windows.js";

export interface PredictCommand {
  readonly model: string;
  readonly data: string;
  /** Draws of the latents, a window and replica. */
  readonly draws: number;
  readonly seed: number | string;
  readonly backend: BackendChoice;
  /** Bars between two forecasts of a symbol, counted from the epoch; the model's horizon by default. */
  readonly every?: number | undefined;
  /** Whether forecasts of times that the model has seen are wanted too. */
  readonly all?: boolean | undefined;
  /** Whether only the last forecast of each symbol is wanted. */
  readonly latest?: boolean | undefined;
}

/** One window: the prediction at the close `decidedAt` of the log return over the horizon. */
export type StoredForecast = {
  symbol: string;
  /** ISO UTC. */
  decidedAt: string;
  mean: number;
  /** Variances: of the return itself; of the mean over the latents; of the mean over the replicas. */
  aleatoric: number;
  latent: number;
  epistemic: number;
  /** P(return > 0). */
  probabilityUp: number;
  /** Expected log of the realised volatility a bar; as the regimes, of a VAE alone. */
  logVolatility?: number;
  /** Probabilities of the regimes. */
  bear?: number;
  sideways?: number;
  bull?: number;
  /** Whether the model was trained or chosen on times after it. */
  seen: boolean;
};

export interface Forecasts {
  readonly model: string;
  readonly data: string;
  /** SHA-256 of the dataset. */
  readonly sha256: string;
  readonly stepMs: number;
  readonly horizon: number;
  /** Bars between two decisions, counted from the epoch. */
  readonly every: number;
  /** Of the model, those that a live run of it trades. */
  readonly symbols: readonly string[];
  readonly replicas: number;
  readonly draws: number;
  readonly seed: number | string;
  /** What the model has seen ends here, ISO UTC. */
  readonly knownUntil: string;
  /** By time, then in the order of the symbols. */
  readonly rows: readonly StoredForecast[];
  /** SHA-256 of all the rest as JSON. */
  readonly checksum: string;
}

export async function predict(options: PredictCommand): Promise<Forecasts> {
  await startBackend(options.backend);
  const [own, dataset] = [await readModel(options.model), await readDataset(options.data)];
  const panels = panelsOf(dataset);
  checkFit(own, { dataset, panels }, options);
  const { model, data, draws, seed } = options;
  const horizon = own.config.data.predictionHorizon;
  return withChecksum({
    ...{ model, data, sha256: dataset.sha256, stepMs: own.stepMs, horizon, every: options.every ?? horizon },
    symbols: own.symbols,
    ...{ replicas: own.fit.weights.replicas, draws, seed, knownUntil: isoTime(own.knownUntil) },
    rows: checkFinite(rowsOf(own, { dataset, panels }, options), model),
  });
}

/** What `predict` would forecast. */
export interface ForecastPlan {
  readonly model: string;
  readonly data: string;
  readonly symbols: readonly string[];
  readonly replicas: number;
  readonly draws: number;
  readonly forecasts: number;
  /** Times of the first and the last forecast, ISO UTC. */
  readonly from: string;
  readonly to: string;
}

/** What would be forecast, from model and dataset alone. */
export async function planForecasts(options: PredictCommand): Promise<ForecastPlan> {
  const [own, dataset] = [await readModel(options.model), await readDataset(options.data)];
  const seen = { dataset, panels: panelsOf(dataset) };
  checkFit(own, seen, options);
  const { decidedAt } = windowsOf(own, seen, options);
  const { model, data, draws } = options;
  return {
    ...{ model, data, symbols: own.symbols, replicas: own.fit.weights.replicas, draws },
    forecasts: decidedAt.length,
    ...{ from: isoTime(decidedAt[0]!), to: isoTime(decidedAt.at(-1)!) },
  };
}

interface Seen {
  readonly dataset: StoredDataset;
  /** [A] */
  readonly panels: readonly Panel[];
}

/** The windows that are forecast, by time, then by symbol. */
function windowsOf(own: MarketModel, { dataset, panels }: Seen, options: PredictCommand): Windows {
  const { sequenceLength: length, predictionHorizon } = own.config.data;
  const every = options.latest ? "latest" : (options.every ?? predictionHorizon);
  const all = forecastWindows(dataset.bars, panels, { length, every });
  return takeWindows(all, wantedRows(all, own, options));
}

function rowsOf(own: MarketModel, seen: Seen, options: PredictCommand): StoredForecast[] {
  const wanted = windowsOf(own, seen, options);
  const symbols = seen.dataset.bars.map(({ symbol }) => symbol);
  const count = wanted.y.length;
  const chunk = Math.max(1, Math.min(count, Math.floor(PASS / (own.fit.weights.replicas * options.draws))));
  const asked = { symbols, padTo: chunk };
  const forecaster =
    own.family === "vae"
      ? withLatents(own, openMarketForecaster(own.model, own.fit.weights), asked, options)
      : withWeights(own, openForecaster(own.model, own.fit.weights), asked, options);
  try {
    return Array.from({ length: Math.ceil(count / chunk) }, (_, i) => {
      const rows = Array.from({ length: Math.min(chunk, count - i * chunk) }, (_, n) => i * chunk + n);
      const part = takeWindows(wanted, rows);
      return forecaster.rows(part);
    }).flat();
  } finally {
    forecaster.dispose();
  }
}

/** Latents in a pass. */
const PASS = 32_768;

/** Indices by time, then by symbol. */
function wantedRows(w: Windows, own: MarketModel, { all, data }: PredictCommand): Uint32Array {
  const rows = Uint32Array.from(w.decidedAt.keys()).sort(
    (i, j) => w.decidedAt[i]! - w.decidedAt[j]! || w.asset[i]! - w.asset[j]!,
  );
  const wanted = rows.filter((n) => all || w.decidedAt[n]! >= own.knownUntil);
  if (wanted.length > 0) return wanted;
  const until =
    rows.length === 0 ? "no whole window" : `none later than ${isoTime(w.decidedAt[rows.at(-1)!]!)}`;
  throw new Error(
    `${data}: expected windows after ${isoTime(own.knownUntil)}, the end of what the model has seen, got ${until}; --all takes those too`,
  );
}

interface Asked {
  /** [A] */
  readonly symbols: readonly string[];
  readonly padTo: number;
}

/** A model that predicts windows. */
interface RowForecaster {
  rows(w: Windows): StoredForecast[];
  dispose(): void;
}

/** A VAE: drawn by the keys of symbol and time, as a live run draws them. */
function withLatents(
  own: MarketModel,
  forecaster: MarketForecaster,
  { symbols, padTo }: Asked,
  { seed, draws }: PredictCommand,
): RowForecaster {
  const rows = (w: Windows): StoredForecast[] => {
    const latents = forecaster.encode(scaledFeatures(own.scaler, w), padTo);
    const rowKeys = rowKeysOf(w, symbols, seed);
    const { returns, volatility, regimes } = forecaster.draw(latents, { draws, rowKeys, padTo });
    const [, centre] = own.targetScaler.mean;
    const [, deviation] = own.targetScaler.deviation;
    const logVolatility = momentsOf(volatility).mean.map((value) => value * deviation + centre);
    return storedRows(forecastOfRows(own, returns, w), symbols, own.knownUntil).map((row, n) => {
      const [bear, sideways, bull] = meanProbabilities(regimes, n);
      const { seen, ...rest } = row;
      return { ...rest, logVolatility: logVolatility[n]!, bear, sideways, bull, seen };
    });
  };
  return { rows, dispose: forecaster.dispose };
}

/** A Bayesian network: its weights are drawn by the keys of symbol and time, as a live run draws them. */
function withWeights(
  own: MarketModel,
  forecaster: Forecaster,
  { symbols, padTo }: Asked,
  { seed, draws }: PredictCommand,
): RowForecaster {
  const rows = (w: Windows): StoredForecast[] => {
    const rowKeys = rowKeysOf(w, symbols, seed);
    const x = scaledFeatures(own.scaler, w);
    const { returns } = forecaster.draw(x, { draws, key: key(seed), rowKeys, padTo });
    return storedRows(forecastOfRows(own, returns!, w), symbols, own.knownUntil);
  };
  return { rows, dispose: forecaster.dispose };
}

function rowKeysOf(w: Windows, symbols: readonly string[], seed: number | string): Key[] {
  return Array.from(w.decidedAt, (time, n) => decisionKey(key(seed), time, symbols[w.asset[n]!]!));
}

function forecastOfRows(own: MarketModel, returns: NormalDraws, w: Windows): Forecast {
  const units = Array.from(w.decidedAt, () => targetScaleOf(own));
  return forecastOfDraws({ returns }, { ...w, units });
}

/** Moments and places of the rows of a forecast. */
function storedRows(forecast: Forecast, symbols: readonly string[], knownUntil: number) {
  const { asset, decidedAt, mean, aleatoric, latent, epistemic, probabilityUp } = forecast;
  return Array.from(decidedAt, (time, n) => ({
    ...{ symbol: symbols[asset[n]!]!, decidedAt: isoTime(time), mean: mean[n]! },
    ...{ aleatoric: aleatoric[n]!, latent: latent[n]!, epistemic: epistemic[n]! },
    ...{ probabilityUp: probabilityUp[n]!, seen: time < knownUntil },
  }));
}

/** Mean over the draws of the three class probabilities of row n. */
function meanProbabilities({ draws, classes, probability }: ProbabilityDraws, n: number) {
  const rows = probability.length / (draws * classes);
  const of = (c: number): number => {
    let total = 0;
    for (let s = 0; s < draws; s++) total += probability[(s * rows + n) * classes + c]!;
    return total / draws;
  };
  return [of(0), of(1), of(2)] as const;
}

/** @throws Error naming what the model was trained on and what came. */
function checkFit(own: MarketModel, { dataset, panels }: Seen, { data, model }: PredictCommand): void {
  const [{ bars }, { names }] = [dataset, panels[0]!];
  const complain = (what: string, expected: string, got: string) => {
    throw new Error(`${data}: expected ${what} ${expected} as ${model} was trained on, got ${got}`);
  };
  if (names.join() !== own.columns.join())
    complain("columns", own.columns.join(", "), `${names.join(", ")}${flowHint(own, dataset.bars)}`);
  const [made, given] = [own.features, dataset.own];
  if (made && given && made.sha256 !== given.sha256)
    complain(
      "features of",
      `${made.file} with SHA-256 ${made.sha256}`,
      `those of ${given.file} with ${given.sha256}`,
    );
  if (bars[0]!.stepMs !== own.stepMs) complain("bars of", `${own.stepMs} ms`, `${bars[0]!.stepMs} ms`);
  checkSeen(model, own, dataset);
}

/** The command that records what a model wants and the dataset has not; nothing where it is not the flow. */
function flowHint(own: MarketModel, bars: readonly Bars[]): string {
  if (!readsFlow(own) || bars[0]!.flow) return "";
  const symbols = bars.map(({ symbol }) => symbol).join(",");
  return `; the model reads order flow: npx vitrade record --symbols ${symbols} --folder flow records it, and prepare --market flow takes it`;
}

/** The rows. @throws Error naming the first number that does not exist: nothing could be traded on it. */
function checkFinite(rows: StoredForecast[], model: string): StoredForecast[] {
  for (const row of rows)
    for (const [name, value] of Object.entries(row))
      if (typeof value === "number" && !Number.isFinite(value))
        throw new Error(
          `${model}: expected finite forecasts, got ${value} for ${name} of ${row.symbol} at ${row.decidedAt}`,
        );
  return rows;
}
