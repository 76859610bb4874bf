/** A small model of a simulated market, made in seconds: what the demo shows, and what `vitrade live` trades where it is given none. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { BackendChoice } from "../../../core/index.js";
import { marketConfig } from "../../../models/marketVae/index.js";
import { writeResult } from "../../output.js";
import type { Shell } from "../../shell.js";
import { type PrepareReport, prepare } from "../sources/prepare.js";
import { type TrainReport, train } from "./train.js";

export const QUICK_SYMBOLS: readonly string[] = ["BTCUSDT", "ETHUSDT", "SOLUSDT"];
const BARS = 4000;
const SETTINGS = `# of vitrade demo: small, so that it takes seconds
model: { latentDim: 8, hidden: [64, 32] }
training: { epochs: 15, warmUpEpochs: 5, learningRate: 0.002 }
`;

export interface QuickOptions {
  readonly folder: string;
  readonly seed: number | string;
  readonly backend: BackendChoice;
}

export interface QuickModel {
  /** Files of the dataset and the model. */
  readonly data: string;
  readonly model: string;
  readonly prepared: PrepareReport;
  readonly trained: TrainReport;
}

/** Writes settings, dataset and model into the folder, over those of an earlier time. */
export async function quickModel(options: QuickOptions, shell: Shell): Promise<QuickModel> {
  const { folder, seed, backend } = options;
  await mkdir(folder, { recursive: true });
  const [config, data] = ["settings.yaml", "market.dataset"].map((name) => join(folder, name)) as [
    string,
    string,
  ];
  const model = quickModelFile(folder);
  await writeResult(config, SETTINGS);
  const { sequenceLength, predictionHorizon } = marketConfig(SETTINGS).data;
  shell.say(`simulating and preparing ${BARS} hours of ${QUICK_SYMBOLS.join(", ")}`);
  const prepared = await prepare({
    source: {
      ...{ market: "simulated", symbols: QUICK_SYMBOLS, seed, bars: BARS },
      interval: "60",
      category: "linear",
    },
    settings: {
      ...{ sequenceLength, predictionHorizon, stride: predictionHorizon, threshold: 0.7 },
      fractions: { train: 0.6, validation: 0.2, test: 0.2 },
    },
    ...{ withoutFlow: true, out: data },
  });
  shell.say("training two small autoencoders");
  const trained = await train({ data, config, out: model, replicas: 2, fresh: true, seed, backend }, shell);
  return { data, model, prepared, trained };
}

/** Where the model lies in its folder. */
export function quickModelFile(folder: string): string {
  return join(folder, "market.model");
}
