/** `vitrade train` of the families that do not predict: a factor model of the returns, and a generator of portfolios. */
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { type BackendChoice, fold, key, mean } from "../../../core/index.js";
import { returnDataset } from "../../../features/index.js";
import { fitPortfolios, portfolioAutoencoder } from "../../../models/portfolioVae/index.js";
import { factorModel } from "../../../models/study/index.js";
import { startBackend } from "../../../nn/index.js";
import { signatureOf, writeArrays } from "../../../nn/training/index.js";
import { returnParts } from "../../../portfolio/evaluate/index.js";
import { portfolioGenerator } from "../../../portfolio/latent/index.js";
import { recipePortfolios } from "../../../portfolio/sample/index.js";
import { documentText, writeResult } from "../../output.js";
import { spoken } from "../../progress.js";
import type { Shell } from "../../shell.js";
import { readDataset } from "../sources/datasetFile.js";
import type { Preset } from "./presets.js";

export interface OtherCommand {
  readonly family: "factor" | "portfolio";
  readonly data: string;
  readonly out: string;
  readonly preset: Preset;
  /** K of a factor model. */
  readonly factors: number;
  readonly seed?: number | string | undefined;
  readonly backend: BackendChoice;
}

/** Loadings and what they explain; written as JSON. */
export interface FactorReport {
  readonly family: "factor";
  readonly out: string;
  readonly symbols: readonly string[];
  readonly rows: { readonly train: number; readonly validation: number; readonly test: number };
  /** One row a factor, over the test part. */
  readonly factors: readonly object[];
  /** [A][K] of returns in units of the assets' typical size. */
  readonly loadings: readonly (readonly number[])[];
  /** Mean log-likelihood of a bar, nats. */
  readonly logLikelihood: { readonly train: number; readonly test: number };
}

/** A trained generator of portfolios, and what its draws are like beside the training set. */
export interface PortfolioReport {
  readonly family: "portfolio";
  readonly out: string;
  readonly symbols: readonly string[];
  readonly latents: number;
  readonly epochs: number;
  /** Portfolios of the training set. */
  readonly portfolios: number;
  /** Means over the training set and over draws, by the covariance of the training bars, percent a year. */
  readonly volatility: { readonly training: number; readonly generated: number };
  /** −ELBO of the first and the last epoch, nats a portfolio. */
  readonly loss: { readonly first: number; readonly last: number };
}

const EPOCHS: Readonly<Record<Preset, number>> = { quick: 30, source: 100, full: 300 };
const TRIAL = 2;
const DRAWS = 500;
const WORTH_SAYING = 5;

/** Trains it and writes it, whole or not at all. */
export async function trainOther(
  options: OtherCommand,
  shell: Shell,
): Promise<FactorReport | PortfolioReport> {
  await mkdir(dirname(options.out), { recursive: true });
  return options.family === "factor" ? trainFactors(options) : trainPortfolio(options, shell);
}

async function trainFactors({
  data: file,
  out,
  factors,
  seed = "factors",
}: OtherCommand): Promise<FactorReport> {
  const { bars, settings, sha256 } = await readDataset(file);
  const data = returnDataset(bars, { split: settings.fractions });
  const study = await factorModel({ data, factors, key: key(seed) });
  const { mean: loadings } = study.loadings();
  const report: FactorReport = {
    ...{ family: "factor" as const, out, symbols: data.symbols },
    rows: { train: data.train.rows, validation: data.validation.rows, test: data.test.rows },
    factors: study.describe(data.test),
    loadings: loadings.to2DArray(),
    logLikelihood: {
      train: mean(study.logLikelihood(data.train)),
      test: mean(study.logLikelihood(data.test)),
    },
  };
  const document = {
    kind: "vitrade factor model 1",
    dataset: sha256,
    unit: Array.from(data.unit),
    ...report,
  };
  await writeResult(out, `${documentText(document)}\n`);
  return report;
}

/** What would be trained; epochs and seconds where there are epochs. */
export interface OtherPlan {
  readonly family: "factor" | "portfolio";
  readonly out: string;
  readonly symbols: readonly string[];
  readonly epochs: number | null;
  readonly expectedSeconds: number | null;
}

/** What would be trained, and how long it would take by two epochs that are thrown away. */
export async function planOther(options: OtherCommand, shell: Shell): Promise<OtherPlan> {
  const { family, out, data } = options;
  if (family === "factor") {
    const symbols = (await readDataset(data)).bars.map(({ symbol }) => symbol);
    return { family, out, symbols, epochs: null, expectedSeconds: null };
  }
  const { symbols, epochs, seconds } = await tryPortfolios(options, shell);
  return { family, out, symbols, epochs, expectedSeconds: seconds };
}

/** The training set of a generator, and how long its training takes at most. */
async function tryPortfolios(options: OtherCommand, shell: Shell) {
  const { data: file, preset, seed = "portfolios" } = options;
  const { bars, settings, sha256 } = await readDataset(file);
  await startBackend(options.backend);
  const root = key(seed);
  const history = returnParts({ bars }, { train: settings.fractions.train });
  const set = recipePortfolios(history.train, { key: fold(root, "recipes") });
  const [latents, epochs] = [Math.max(1, set.assets - 1), EPOCHS[preset]];
  const training = { key: fold(root, "network"), latents };
  const started = shell.clock.elapsed();
  await fitPortfolios(set, { ...training, epochs: TRIAL });
  const seconds = (((shell.clock.elapsed() - started) / 1000) * epochs) / TRIAL;
  const symbols = bars.map(({ symbol }) => symbol);
  return { symbols, sha256, root, history, set, latents, epochs, training, seconds };
}

async function trainPortfolio(options: OtherCommand, shell: Shell): Promise<PortfolioReport> {
  const { out } = options;
  const tried = await tryPortfolios(options, shell);
  const { symbols, sha256, root, history, set, latents, epochs, training, seconds } = tried;
  if (seconds > WORTH_SAYING) shell.say(`${spoken(seconds)} at most for ${epochs} epochs`);
  const bar = shell.progress("training", "epochs");
  const { model, fit } = await fitPortfolios(set, {
    ...{ ...training, epochs },
    onEpoch: ({ epoch }) => bar.update(epoch + 1, epochs),
  });
  bar.end();
  const { weights, ...rest } = fit;
  await writeArrays(
    out,
    {
      ...{ kind: "vitrade portfolio model 1", signature: signatureOf(model), replicas: weights.replicas },
      ...{ ...rest, config: model.config, symbols, dataset: sha256 },
    },
    { parameters: weights.parameters, buffers: weights.buffers },
  );
  const drawn = portfolioGenerator(portfolioAutoencoder(model, weights)).sample(DRAWS, fold(root, "draws"));
  const meanVolatility = (all: Float64Array): number =>
    mean(
      Array.from({ length: all.length / set.assets }, (_, n) =>
        history.volatility(all.subarray(n * set.assets, (n + 1) * set.assets)),
      ),
    );
  const losses = fit.history.map(({ elbo }) => -elbo[0]!);
  return {
    ...{ family: "portfolio", out, symbols, latents, epochs },
    portfolios: set.weights.length / set.assets,
    volatility: { training: meanVolatility(set.weights), generated: meanVolatility(drawn.weights) },
    loss: { first: losses[0]!, last: losses.at(-1)! },
  };
}
