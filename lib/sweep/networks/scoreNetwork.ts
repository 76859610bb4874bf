/** The scores of one network on the validation and the test part, each with its interval where it has an error of its own. */
import {
  clusteredError,
  type Forecast,
  key,
  mean,
  standardNormalQuantile,
  totalVariances,
} from "../../core/index.js";
import type { Dataset, DatasetPart } from "../../features/index.js";
import { disentangle, rowNll, type StudyFit } from "../../models/index.js";
import { crpsNormal } from "../../prob/calibration/index.js";
import type { Score, Scores } from "../results/networkRow.js";
import type { Job } from "../run/job.js";
import type { ScoreName } from "../study/scores.js";
import type { StudySource } from "./data.js";
import { tradedSharpe } from "./tradedSharpe.js";

const DAY = 86_400_000;
const WIDTH = standardNormalQuantile(0.975);
/** Rows on which the parts of the KL are measured: the cost grows with their square. */
const ROWS = 700;
const LATENT_KEY = key("sweep latents");

export interface Scored {
  /** Of one network. */
  readonly fit: StudyFit;
  readonly data: Dataset;
  readonly source: StudySource;
  readonly job: Job;
}

export function scoreNetwork(scored: Scored): Scores {
  const { fit, data } = scored;
  const bound = finite(fit.bestElbo[0]!);
  return {
    ...(scored.job.scores.includes("elbo") ? { validation_elbo: { ...NONE, value: bound } } : {}),
    ...named("validation", ofPart(scored, data.validation)),
    ...named("test", ofPart(scored, data.test)),
  };
}

const NONE: Score = { value: null, lower: null, upper: null };

function ofPart(scored: Scored, part: DatasetPart): Partial<Record<string, Score>> {
  const { scores } = scored.job;
  const asks = (...names: readonly ScoreName[]) => names.some((name) => scores.includes(name));
  const all = {
    ...(asks("nll", "crps", "miscoverage", "sharpe") ? forecastScores(scored, part) : {}),
    ...(asks("kl", "distortion", "information", "active") ? latentScores(scored, part) : {}),
  };
  const wanted = (name: string) => scores.some((own) => name === own || name.startsWith(`${own}_`));
  return Object.fromEntries(Object.entries(all).filter(([name]) => wanted(name)));
}

function forecastScores({ fit, job, source }: Scored, part: DatasetPart): Record<string, Score> {
  const forecast = fit.predict(part, { draws: job.draws });
  const days = Array.from(part.decidedAt, (time) => Math.floor((time - 1) / DAY));
  const sd = totalVariances(forecast).map(Math.sqrt);
  const { returns } = part;
  const crps = returns.map((own, n) => 1e4 * crpsNormal(own, forecast.mean[n]!, sd[n]!));
  return {
    nll: averaged(rowNll(forecast, returns), days),
    crps: averaged(crps, days),
    miscoverage: miscoverage(forecast, sd, { returns, days }),
    ...(job.scores.includes("sharpe") ? tradedSharpe(forecast, { part, source, trading: job.trading }) : {}),
  };
}

/** The mean over rows, whose error is that of sums over days. */
function averaged(values: Float64Array, days: readonly number[]): Score {
  const [value, width] = [mean(values), WIDTH * clusteredError(values, days)];
  return { value: finite(value), lower: finite(value - width), upper: finite(value + width) };
}

function miscoverage(
  forecast: Forecast,
  sd: Float64Array,
  { returns, days }: { readonly returns: Float64Array; readonly days: readonly number[] },
): Score {
  const half = standardNormalQuantile(0.95);
  const inside = returns.map((own, n) => (Math.abs(own - forecast.mean[n]!) <= half * sd[n]! ? 1 : 0));
  const { value, lower, upper } = averaged(inside, days);
  if (value === null || lower === null || upper === null) return NONE;
  const ends = [Math.abs(lower - 0.9), Math.abs(upper - 0.9)];
  const least = lower <= 0.9 && upper >= 0.9 ? 0 : Math.min(...ends);
  return { value: Math.abs(value - 0.9), lower: least, upper: Math.max(...ends) };
}

function latentScores({ fit, data }: Scored, part: DatasetPart): Record<string, Score> {
  const { network } = fit.model;
  const every = Math.ceil(part.rows / ROWS);
  const size = data.length * data.columns.length;
  const count = Math.ceil(part.rows / every);
  const x = new Float32Array(count * size);
  for (let n = 0; n < count; n++) x.set(part.x.subarray(n * every * size, (n * every + 1) * size), n * size);
  const [row] = disentangle.bottleneckRows(
    network as Parameters<typeof disentangle.bottleneckRows>[0],
    fit.weights,
    x,
    {
      betas: [fit.settings[0]!.beta],
      key: LATENT_KEY,
    },
  );
  const alone = (value: number): Score => ({ ...NONE, value: finite(value) });
  const { rate, distortion, information, activeUnits } = row!;
  return {
    kl: alone(rate),
    distortion: alone(distortion),
    information: alone(information),
    active: alone(activeUnits),
  };
}

function named(part: string, scores: Partial<Record<string, Score>>): Scores {
  return Object.fromEntries(
    Object.entries(scores).map(([name, score]) => [`${part}_${name}`, score ?? NONE]),
  );
}

/** What JSON can say of a number. */
export function finite(value: number): number | null {
  return Number.isFinite(value) ? value + 0 : null;
}
