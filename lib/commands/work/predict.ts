/** `vitrade predict`: what a trained model says of every window of a dataset, in returns. */
import { fold, key } from "../../core/random.js";
import type { BackendChoice } from "../../core/settings.js";
import type { Panel, Predictive, Windows } from "../../core/types.js";
import { marketInput } from "../../features/marketInput.js";
import { unscalePredictive, type WindowScaler } from "../../features/windowScaler.js";
import { takeWindows } from "../../features/windows.js";
import { encodeRows } from "../../models/codes.js";
import { type MarketForecast, marketForecast } from "../../models/marketForecast.js";
import { startBackend } from "../../nn/backend.js";
import { isoTime } from "../output.js";
import { readDataset, type StoredDataset } from "./datasetFile.js";
import { withChecksum } from "./forecastsFile.js";
import { checkSeen, type MarketModel, readModel } from "./modelFile.js";
import { forecastWindows, scaledInput } from "./windows.js";

export interface PredictCommand {
  readonly model: string;
  readonly data: string;
  /** Draws of the code, a window and replica. */
  readonly draws: number;
  readonly seed: number | string;
  readonly backend: BackendChoice;
  /** Bars between two forecasts of a symbol; the model's horizon unless given. */
  readonly every?: number | undefined;
  /** Whether forecasts of times that the model has seen are wanted too. */
  readonly all?: boolean | undefined;
  /** Whether only the last forecast of each symbol is wanted. */
  readonly latest?: boolean | undefined;
}

/** One window: what is foretold at the close `decidedAt`, of the log return over the horizon. */
export type ForecastRow = {
  symbol: string;
  /** ISO UTC. */
  decidedAt: string;
  mean: number;
  /** Variances: of the return itself; of the mean over the code; of the mean over the replicas. */
  aleatoric: number;
  latent: number;
  epistemic: number;
  /** P(return > 0). */
  probabilityUp: number;
  /** Expected log of the realised volatility a bar. */
  logVolatility: number;
  /** Probabilities of the regimes. */
  bear: number;
  sideways: number;
  bull: number;
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
  readonly replicas: number;
  readonly draws: number;
  readonly seed: number | string;
  /** What the model has seen ends here, ISO UTC. */
  readonly knownUntil: string;
  /** By time, then in the order of the symbols. */
  readonly rows: readonly ForecastRow[];
  /** SHA-256 of all the rest as JSON. */
  readonly checksum: string;
}

export async function predict(options: PredictCommand): Promise<Forecasts> {
  await startBackend(options.backend);
  const [own, dataset] = [await readModel(options.model), await readDataset(options.data)];
  const panels = dataset.bars.map(marketInput);
  checkFit(own, { dataset, panels }, options);
  const { model, data, draws, seed } = options;
  const horizon = own.config.data.predictionHorizon;
  return withChecksum({
    ...{ model, data, sha256: dataset.sha256, stepMs: own.stepMs, horizon },
    ...{ replicas: own.fit.weights.replicas, draws, seed, knownUntil: isoTime(own.knownUntil) },
    rows: checkFinite(rowsOf(own, { dataset, panels }, options), model),
  });
}

interface Seen {
  readonly dataset: StoredDataset;
  /** [A] */
  readonly panels: readonly Panel[];
}

function rowsOf(own: MarketModel, { dataset, panels }: Seen, options: PredictCommand): ForecastRow[] {
  const { sequenceLength: length, predictionHorizon } = own.config.data;
  const every = options.latest ? dataset.bars[0]!.openTime.length : (options.every ?? predictionHorizon);
  const all = forecastWindows(dataset.bars, panels, { length, every });
  const wanted = takeWindows(all, wantedRows(all, own, options));
  const codes = encodeRows(own.model, own.fit.weights, scaledInput(own.scaler, wanted));
  const nothing = -own.targetScaler.mean[0] / own.targetScaler.deviation[0]; // a return of 0, scaled
  const says = marketForecast(own.model, own.fit.weights, codes, {
    ...{ draws: options.draws, key: fold(key(options.seed), "forecast") },
    levels: { zero: new Float64Array(wanted.y.length).fill(nothing) },
  });
  return forecastRows(own, dataset, wanted, says);
}

/** Indices by time, then by symbol. */
function wantedRows(w: Windows, own: MarketModel, { all, latest, data }: PredictCommand): Uint32Array {
  const rows = Uint32Array.from(w.decidedAt.keys()).sort(
    (i, j) => w.decidedAt[i]! - w.decidedAt[j]! || w.asset[i]! - w.asset[j]!,
  );
  const last = new Map(Array.from(rows, (n) => [w.asset[n]!, n]));
  const wanted = rows.filter(
    (n) => (all || w.decidedAt[n]! >= own.knownUntil) && (!latest || last.get(w.asset[n]!) === n),
  );
  if (wanted.length > 0) return wanted;
  const until =
    rows.length === 0 ? "no whole window" : `none later than ${isoTime(w.decidedAt[rows.at(-1)!]!)}`;
  throw new Error(
    `${data}: expected windows after ${isoTime(own.knownUntil)}, the end of what the model has seen, got ${until}; --all takes those too`,
  );
}

function forecastRows(
  own: MarketModel,
  dataset: StoredDataset,
  w: Windows,
  says: MarketForecast,
): ForecastRow[] {
  const unit = returnUnit(own);
  const inReturns = (aleatoric: Float64Array, epistemic: Float64Array): Predictive =>
    unscalePredictive(unit, { ...w, mean: says.mean, aleatoric, epistemic });
  const [law, rest] = [inReturns(says.aleatoric, says.epistemic), inReturns(says.latent, says.latent)];
  const [, centre] = own.targetScaler.mean;
  const [, deviation] = own.targetScaler.deviation;
  return Array.from(w.decidedAt, (time, n) => ({
    ...{ symbol: dataset.bars[w.asset[n]!]!.symbol, decidedAt: isoTime(time), mean: law.mean[n]! },
    ...{ aleatoric: law.aleatoric[n]!, latent: rest.aleatoric[n]!, epistemic: law.epistemic[n]! },
    probabilityUp: 1 - says.below.zero![n]!,
    logVolatility: says.volatility[n]! * deviation + centre,
    ...{ bear: says.regimes[3 * n]!, sideways: says.regimes[3 * n + 1]!, bull: says.regimes[3 * n + 2]! },
    seen: time < own.knownUntil,
  }));
}

/** The scaling of the return alone, in the form in which predictions are scaled back. */
function returnUnit({ scaler, targetScaler }: MarketModel): WindowScaler {
  const [mean, deviation] = [targetScaler.mean[0], targetScaler.deviation[0]];
  return {
    x: scaler.x,
    y: { mean: Float64Array.of(mean), standardDeviation: Float64Array.of(deviation) },
  };
}

/** @throws Error naming what the model was trained on and what came. */
function checkFit(own: MarketModel, { dataset, panels }: Seen, { data, model }: PredictCommand): void {
  const [{ bars }, { names }] = [dataset, panels[0]!];
  const complain = (what: string, expected: string, got: string) => {
    throw new Error(`${data}: expected ${what} ${expected} as ${model} was trained on, got ${got}`);
  };
  if (names.join() !== own.columns.join()) complain("columns", own.columns.join(", "), names.join(", "));
  if (bars[0]!.stepMs !== own.stepMs) complain("bars of", `${own.stepMs} ms`, `${bars[0]!.stepMs} ms`);
  checkSeen(model, own, dataset);
}

/** The rows. @throws Error naming the first number that does not exist: nothing could be traded on it. */
function checkFinite(rows: ForecastRow[], model: string): ForecastRow[] {
  for (const row of rows)
    for (const [name, value] of Object.entries(row))
      if (typeof value === "number" && !Number.isFinite(value))
        throw new Error(
          `${model}: expected finite forecasts, got ${value} for ${name} of ${row.symbol} at ${row.decidedAt}`,
        );
  return rows;
}
