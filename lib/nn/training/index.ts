export { type Data, sizeOf } from "./batches.js";
export { descend } from "./descend.js";
export {
  type EpochRecord,
  type Fit,
  fitOf,
  loadFit,
  readArrays,
  type StoredArrays,
  saveFit,
  signatureOf,
  writeArrays,
} from "./fit.js";
export { type PredictOptions, type Predictor, predict } from "./predict.js";
export { takeReplicas } from "./replicas.js";
export { capacityObjective } from "./step.js";
export { train } from "./train.js";
export type { TrainOptions } from "./trainOptions.js";
