/** The networks of a job trained at once and scored one by one. */
import { fold, key } from "../../core/index.js";
import { train } from "../../models/index.js";
import type { NetworkRow } from "../results/networkRow.js";
import { weightsAsText } from "../results/weights.js";
import type { Job } from "../run/job.js";
import type { StudyFolds } from "./data.js";
import { modelOf } from "./model.js";
import { scoreNetwork } from "./scoreNetwork.js";

/** What is measured of each network of a job, in its order. @param threads  that share the stack; as many as pay by default */
export async function trainStack(
  job: Job,
  folds: StudyFolds,
  threads?: number,
): Promise<Pick<NetworkRow, "bestEpoch" | "scores" | "weights">[]> {
  const { model: family, seed, stack } = job;
  const data = folds.at(stack.fold);
  const { settings, networks } = stack;
  const model = modelOf(family, settings, data);
  const fit = await train(model, data, {
    networks: networks.map(({ beta, seed: own }) => ({ beta, seed: own })),
    key: fold(key(seed), "fold", stack.fold),
    epochs: stack.epochs,
    batchSize: Number(settings.batchSize),
    learningRate: Number(settings.learningRate),
    weightDecay: Number(settings.weightDecay),
    clip: Number(settings.clip),
    ...(Number(settings.patience) > 0 ? { patience: Number(settings.patience) } : {}),
    ...(threads === undefined ? {} : { threads }),
  });
  return networks.map((_, n) => {
    const own = fit.network(n);
    return {
      bestEpoch: fit.bestEpoch[n]! + 1,
      scores: scoreNetwork({ fit: own, data, source: folds.source, job }),
      ...(job.weights ? { weights: weightsAsText(own.weights) } : {}),
    };
  });
}
