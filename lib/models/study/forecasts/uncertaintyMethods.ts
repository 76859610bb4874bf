/** Five ways to an uncertain prediction on one data set: what each predicts, and what it costs. */
import { checkCount, type Forecast, fold, type Key, normalForecast } from "../../../core/index.js";
import { startBackend } from "../../../nn/index.js";
import { layoutsOf, type Model } from "../../../nn/layers/index.js";
import { takeReplicas } from "../../../nn/training/index.js";
import { lastLayerLaplace } from "../../bnn/lastLayerLaplace.js";
import { gaussianProcess, squaredExponential } from "../../inference/exact/gaussianProcess.js";
import { bnn } from "../kinds/studyBnn.js";
import type { StudyFit } from "../kinds/studyFit.js";
import { type StudyData, type StudyModel, type StudyPart, scaledReturns } from "../kinds/studyModel.js";
import { plain, widthScaledSds } from "../kinds/studyPlain.js";
import { type StudyTraining, train } from "../kinds/studyTraining.js";
import { type ForecastScores, type OutcomePart, scoreForecasts } from "./scoreForecasts.js";

/** Options of the methods that are compared. */
export interface MethodOptions {
  readonly data: StudyData;
  /** The rows that are predicted. */
  readonly part: StudyPart;
  /** Widths of the hidden layers of all networks. */
  readonly hidden: readonly number[];
  /** Of every network. */
  readonly training: Omit<StudyTraining, "seeds" | "beta" | "key">;
  /** Of the Bayesian network and of dropout. */
  readonly draws: number;
  /** Networks of the ensemble. */
  readonly members: number;
  /** Fraction of the units dropped. */
  readonly dropout: number;
  /** Latest training rows of the Gaussian process, whose cost grows with their cube. */
  readonly processRows: number;
  readonly key: Key;
  /** Milliseconds now, such as `performance.now`. */
  readonly clock: () => number;
}

/** A method with its predictions and its cost. */
export type UncertaintyMethod = {
  readonly method: string;
  readonly forecast: Forecast;
  /** Numbers that are kept: weights, two for each weight of a Bayesian network, rows of a Gaussian process. */
  readonly parameters: number;
  readonly trainingSeconds: number;
  /** Milliseconds for all draws of one row, asked together with the others. */
  readonly millisecondsPerRow: number;
};

/**
 * Bayesian network, Monte-Carlo dropout, ensemble, last-layer Laplace and Gaussian process.
 *
 * The networks have one prior, one normal head with a variance for each row, and the same training. The Gaussian process has one variance
 * for all rows; length, amplitude and noise are those of a small grid with the highest evidence.
 * @throws RangeError when a size makes no sense.
 */
export async function uncertaintyMethods(options: MethodOptions): Promise<UncertaintyMethod[]> {
  const { data, hidden, members, dropout, draws, key, part } = options;
  await startBackend();
  const bayes = bnn({ data, hidden });
  const modes = plain({ data, hidden });
  const dropping = plain({ data, hidden, dropout });
  const first = await measured(options, "Bayesian network", { model: bayes, seeds: 1, draws });
  const second = await measured(options, "MC dropout", { model: dropping, seeds: 1, draws });
  const third = await measured(options, `ensemble of ${members}`, { model: modes, seeds: members, draws: 1 });
  const { fit, row } = third;
  return [
    first.row,
    second.row,
    row,
    laplaceOf(options, fit, { key, part, seconds: row.trainingSeconds / members }),
    processOf(options),
  ];
}

/**
 * The table of `scoreForecasts` for the methods; differences are from the first.
 * @param part  the rows that they predicted
 */
export function scoreMethods(
  methods: readonly Pick<UncertaintyMethod, "method" | "forecast">[],
  part: OutcomePart,
): ForecastScores[] {
  return scoreForecasts(Object.fromEntries(methods.map(({ method, forecast }) => [method, forecast])), part);
}

async function measured<Network extends Model>(
  { data, part, training, key, clock }: MethodOptions,
  method: string,
  run: { readonly model: StudyModel<Network>; readonly seeds: number; readonly draws: number },
) {
  const { model, seeds, draws } = run;
  const start = clock();
  const fit = await train(model, data, { ...training, seeds, key: fold(key, method) });
  const trained = clock();
  const forecast = fit.predict(part, { draws });
  const done = clock();
  const row: UncertaintyMethod = {
    ...{ method, forecast, parameters: seeds * layoutsOf(model.network).parameters.total },
    ...{ trainingSeconds: (trained - start) / 1000, millisecondsPerRow: (done - trained) / part.rows },
  };
  return { fit, row };
}

/** The head of the ensemble's first network made Bayesian; its training is that of one network and one pass. */
function laplaceOf(
  { data, hidden, clock }: MethodOptions,
  fit: StudyFit<ReturnType<typeof plain>["network"]>,
  { part, seconds }: { readonly key: Key; readonly part: StudyPart; readonly seconds: number },
): UncertaintyMethod {
  const start = clock();
  const prior = widthScaledSds(hidden[hidden.length - 1]!);
  const laplace = lastLayerLaplace(fit.model.network, takeReplicas(fit.weights, [0]), data.train, prior);
  const fitted = clock();
  const moments = laplace.predict(part.x);
  const done = clock();
  const width = hidden[hidden.length - 1]! + 1;
  return {
    method: "last-layer Laplace",
    forecast: unscaled(moments, data, part),
    parameters: layoutsOf(fit.model.network).parameters.total + (width * (width + 1)) / 2,
    ...{
      trainingSeconds: seconds + (fitted - start) / 1000,
      millisecondsPerRow: (done - fitted) / part.rows,
    },
  };
}

function processOf({ data, part, processRows, clock }: MethodOptions): UncertaintyMethod {
  checkCount("processRows", processRows);
  const { train: rows } = data;
  if (processRows > rows.rows)
    throw new RangeError(`processRows: expected at most ${rows.rows}, got ${processRows}`);
  const columns = rows.x.length / rows.rows;
  const from = rows.rows - processRows;
  const x = Float64Array.from(rows.x.subarray(from * columns));
  const y = Float64Array.from(scaledReturns(rows).subarray(from));
  const start = clock();
  const power = y.reduce((sum, value) => sum + value * value, 0) / y.length;
  const candidates = [2, 4, 8].flatMap((length) =>
    [0.05, 0.2].map((amplitude) => {
      const kernel = squaredExponential(length * Math.sqrt(columns / 4), amplitude);
      return gaussianProcess({ x, y, columns }, kernel, power);
    }),
  );
  const best = candidates.reduce((a, b) => (b.logEvidence > a.logEvidence ? b : a));
  const fitted = clock();
  const { mean, variance } = best.predict(Float64Array.from(part.x));
  const done = clock();
  const moments = { mean, aleatoric: mean.map(() => power), latent: mean.map(() => 0), epistemic: variance };
  return {
    ...{ method: `Gaussian process, ${processRows} rows`, forecast: unscaled(moments, data, part) },
    parameters: processRows * (columns + 1),
    ...{ trainingSeconds: (fitted - start) / 1000, millisecondsPerRow: (done - fitted) / part.rows },
  };
}

type Moments = Parameters<typeof normalForecast>[0];

/** Moments of the scaled return in log returns. */
function unscaled(
  { mean, aleatoric, latent, epistemic }: Moments,
  data: StudyData,
  part: StudyPart,
): Forecast {
  const [centre, deviation] = [data.targetScaler.mean[0]!, data.targetScaler.deviation[0]!];
  const squared = (values: Float64Array) => values.map((value) => value * deviation ** 2);
  return normalForecast(
    {
      mean: mean.map((value) => centre + deviation * value),
      ...{ aleatoric: squared(aleatoric), latent: squared(latent), epistemic: squared(epistemic) },
    },
    { asset: part.asset, decidedAt: part.decidedAt, names: data.symbols },
  );
}
