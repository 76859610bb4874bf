/** Own features in a live run: the module of the model's dataset, given the last bars at each close. */
import type { Bars } from "../../../core/index.js";
import { marketInputStream, type PanelStream, panelStream } from "../../../features/windows/index.js";
import type { DecisionMaker } from "../../../live/index.js";
import type { LiveInput } from "../../../live/pipeline/index.js";
import { UsageProblem } from "../../exit.js";
import type { MarketModel } from "../fits/modelFile.js";
import { beyondWarmUp, HISTORY, refusal, TRIED } from "./memory.js";
import { type FeatureModule, featureModule, inFile } from "./ownFeatures.js";

/**
 * The module that makes the features of a model; undefined where they are the library's.
 * @param file  path of the module, as the user named it
 * @throws UsageProblem when a module is wanted and none named, or the reverse; Error when it is another than that of the dataset, the
 *   model does not say which that was, or a feature rests on more bars than a run keeps.
 */
export async function liveFeatures(
  own: MarketModel,
  { model, file }: { readonly model: string; readonly file: string | undefined },
): Promise<FeatureModule | undefined> {
  const { features } = own;
  if (!features) {
    checkLibrary(own, model);
    if (file === undefined) return undefined;
    throw new UsageProblem(
      `--features: expected none, because ${model} reads the library's own features, got ${file}`,
    );
  }
  if (file === undefined)
    throw new UsageProblem(
      `--features: expected the module that made the features of ${model}, ${features.file}, got none`,
    );
  const module = await featureModule(file);
  if (module.sha256 !== features.sha256)
    throw new Error(
      `${file}: expected the module that made the features of ${model}, ${features.file} with SHA-256 ${features.sha256}, ` +
        `got one with ${module.sha256}; name that one, or prepare and train again with this one`,
    );
  if (features.beyond) throw refusal(file, features.beyond);
  return module;
}

/** Throws an Error where the columns are own ones of which the model does not say who made them. */
function checkLibrary({ columns, stepMs }: MarketModel, model: string): void {
  const isLibrary = [true, false].some(
    (flow) => marketInputStream(stepMs, { flow }).names.join() === columns.join(),
  );
  if (isLibrary) return;
  throw new Error(
    `${model}: expected the SHA-256 of the module that made its features, ${columns.join(", ")}, ` +
      "got none, because it was trained by an earlier version: train it again on its dataset",
  );
}

/** The inputs of a pipeline on own features. */
export interface OwnInputs {
  input(stepMs: number, symbol: string): LiveInput;
  /**
   * The maker, which tries before its first decision how far the features reach back.
   * @param past  bars that there are before the run begins
   */
  tried(maker: DecisionMaker, past: number): DecisionMaker;
}

/** Streams of a module's features for the symbols of a model. */
export function ownInputs(own: MarketModel, module: FeatureModule): OwnInputs {
  const { columns: names, features: origin, scaler, symbols } = own;
  const needed = Math.max(TRIED, HISTORY + own.config.data.sequenceLength - 1);
  const streams: PanelStream[] = [];
  const check = (bars: Bars | undefined): void => {
    if (!bars) return;
    const where = `${module.file}: ${bars.symbol}`;
    const beyond = inFile(where, () => beyondWarmUp(module, bars, scaler.x.standardDeviation));
    if (beyond) throw refusal(module.file, beyond);
  };
  return {
    input(stepMs, symbol) {
      const flow = origin?.flow[symbols.indexOf(symbol)] ?? [];
      const holes = origin?.holes ? "NaN" : "left out";
      const stream = panelStream(module.features, {
        ...{ symbol, stepMs, names, reach: HISTORY, keep: needed, flow, holes },
      });
      streams.push(stream);
      return { ...stream, push: (row) => inFile(module.file, () => stream.push(row)) };
    },
    tried(maker, past) {
      let isTried = false;
      return {
        ...maker,
        warmUp: Math.max(maker.warmUp, past > 0 ? Math.min(needed, past) : needed),
        memory: needed,
        decide(step) {
          if (!isTried) for (const stream of streams) check(stream.kept());
          isTried = true;
          return maker.decide(step);
        },
      };
    },
  };
}
