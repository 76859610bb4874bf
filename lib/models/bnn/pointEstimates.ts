/** Three models that answer with one number and no uncertainty: the baselines that the Bayesian ones are laid beside. */
import * as tf from "@tensorflow/tfjs";
import { RandomForestClassifier } from "ml-random-forest";
import {
  checkCount,
  cholesky,
  columnOf,
  columnVector,
  fold,
  fromFlat,
  type Key,
  Matrix,
  normals32,
  solveCholesky,
} from "../../core/index.js";
import { type Design, linearPredictor } from "../inference/exact/regression.js";

/** Maps rows [N,F] to one number each, [N]. */
export type PointModel = (x: Float64Array) => Float64Array;

/**
 * Ridge regression's weights, [F]; ordinary least squares for ridge 0.
 * @throws RangeError when the columns are linearly dependent and `ridge` is 0.
 */
export function leastSquares({ x, columns, y }: Design, ridge = 0): Float64Array {
  const inputs = fromFlat(x, y.length, columns);
  const transposed = inputs.transpose();
  const lower = cholesky(transposed.mmul(inputs).add(Matrix.eye(columns, columns, ridge)), "XᵀX");
  return columnOf(solveCholesky(lower, transposed.mmul(columnVector(y))), 0);
}

/** Predicts the target by ridge regression. */
export function linearPoint(design: Design, ridge = 0): PointModel {
  const weights = leastSquares(design, ridge);
  return (x) => linearPredictor({ x, columns: design.columns }, weights);
}

/**
 * A network that predicts P(y > 0), with one hidden layer of tanh units, trained by Adam on all rows at once.
 *
 * Runs in float32 on the backend in use; start it first.
 * @throws RangeError when a count is not a positive integer.
 */
export function neuralPoint(
  design: Design,
  options: { readonly hidden: number; readonly steps: number; readonly key: Key },
): PointModel {
  const { hidden, steps, key } = options;
  const { x, columns, y } = design;
  checkCount("hidden", hidden);
  checkCount("steps", steps);
  const weights = tf.tidy(() => [
    tf.variable(scaledNormals(fold(key, "in"), columns, hidden)),
    tf.variable(tf.zeros([hidden])),
    tf.variable(scaledNormals(fold(key, "out"), hidden, 1)),
    tf.variable(tf.zeros([1])),
  ]) as [tf.Variable, tf.Variable, tf.Variable, tf.Variable];
  const logits = (rows: tf.Tensor2D) =>
    tf
      .matMul(tf.tanh(tf.matMul(rows, weights[0]).add(weights[1])), weights[2])
      .add(weights[3])
      .reshape([-1]);
  const rows = tf.tensor2d(Float32Array.from(x), [y.length, columns]);
  const sign = tf.tensor1d(Float32Array.from(y, (value) => (value > 0 ? 1 : -1)));
  const optimiser = tf.train.adam(0.01);
  for (let step = 0; step < steps; step++) {
    optimiser.minimize(() => tf.softplus(logits(rows).mul(sign).neg()).mean() as tf.Scalar, false, weights);
  }
  const trained = weights.map((w) => w.dataSync().slice() as Float32Array);
  tf.dispose([rows, sign, ...weights]);
  optimiser.dispose();
  return (fresh) => forward(fresh, columns, hidden, trained);
}

/**
 * A random forest that predicts P(y > 0) as the share of trees that vote for it.
 * @throws RangeError when `trees` is not a positive integer.
 */
export function forestPoint(
  design: Design,
  options: { readonly trees: number; readonly seed: number },
): PointModel {
  checkCount("trees", options.trees);
  const { x, columns, y } = design;
  const forest = new RandomForestClassifier({
    nEstimators: options.trees,
    seed: options.seed,
    maxFeatures: Math.max(1, Math.round(Math.sqrt(columns))),
    replacement: true,
    useSampleBagging: true,
    noOOB: true,
    treeOptions: { maxDepth: 5, minNumSamples: 20 },
  });
  const rows = (values: Float64Array) => fromFlat(values, values.length / columns, columns).to2DArray();
  forest.train(
    rows(x),
    Array.from(y, (value) => (value > 0 ? 1 : 0)),
  );
  return (fresh) => {
    const votes = forest.predictionValues(rows(fresh));
    return Float64Array.from(
      { length: votes.rows },
      (_, n) => votes.getRow(n).reduce((a, b) => a + b, 0) / votes.columns,
    );
  };
}

function scaledNormals(key: Key, inputs: number, outputs: number): tf.Tensor2D {
  const sd = 1 / Math.sqrt(inputs);
  return tf.tensor2d(
    normals32(key, inputs * outputs).map((v) => v * sd),
    [inputs, outputs],
  );
}

function forward(
  x: Float64Array,
  columns: number,
  hidden: number,
  weights: readonly Float32Array[],
): Float64Array {
  const [first, firstBias, second, secondBias] = weights as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  return Float64Array.from({ length: x.length / columns }, (_, n) => {
    let logit = secondBias[0]!;
    for (let h = 0; h < hidden; h++) {
      let sum = firstBias[h]!;
      for (let i = 0; i < columns; i++) sum += x[n * columns + i]! * first[i * hidden + h]!;
      logit += Math.tanh(sum) * second[h]!;
    }
    return 1 / (1 + Math.exp(-logit));
  });
}
