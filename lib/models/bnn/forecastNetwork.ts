/** A network that predicts the direction and the size of the next return: the body that all of its Bayesian and plain relatives share. */
import * as tf from "@tensorflow/tfjs";
import { checkCount, checkPositive } from "../../core/index.js";
import type { Model } from "../../nn/layers/index.js";
import { dropout, elementwise, type Feed, filled, type Layer, sequence } from "../../nn/layers/index.js";

/** The classes of the direction head, in the order of its outputs and of the labels 0, 1, 2. */
export const DIRECTIONS = ["down", "neutral", "up"] as const;

export type Head = "direction" | "return";

/** Configuration of a forecast network. */
export interface NetworkConfig {
  /** F */
  readonly inputs: number;
  /** Widths of the hidden layers. */
  readonly hidden: readonly number[];
  readonly activation: "leakyRelu" | "relu" | "tanh";
  /** Share of units dropped after each hidden layer; a layer without an entry drops none. */
  readonly dropout: readonly number[];
  /** What is predicted; the target of a row has one number for each, in this order. */
  readonly heads: readonly Head[];
  /** Variance of the return: predicted for each row, one learnt for all, or a stated one. */
  readonly noise: "each" | "learned" | { readonly variance: number };
}

/** 256, 128 and 64 units, LeakyReLU, a fifth dropped after the first two layers, both heads. */
export function sourceNetwork(inputs: number): NetworkConfig {
  return {
    inputs,
    hidden: [256, 128, 64],
    activation: "leakyRelu",
    dropout: [0.2, 0.2],
    heads: ["direction", "return"],
    noise: "each",
  };
}

/** What the heads say of each row. */
export interface Says {
  /** [R,B,3] before the softmax. */
  readonly logits?: tf.Tensor;
  /** [R,B] mean and log variance of the return. */
  readonly mean?: tf.Tensor;
  readonly logVar?: tf.Tensor;
}

/** A model whose heads can be read. */
export interface ForecastNetwork extends Model {
  readonly config: NetworkConfig;
  /** Output of the last hidden layer, [R,B,H]. */
  features(feed: Feed, x: tf.Tensor): tf.Tensor;
  says(feed: Feed, x: tf.Tensor): Says;
  /** The return head as a `Predictor`. @throws RangeError without one. */
  predict(feed: Feed, x: tf.Tensor): { readonly mean: tf.Tensor; readonly variance: tf.Tensor };
}

/** Makes the linear layer number `index`; the heads have the number of hidden layers. */
export type MakeLinear = (
  name: string,
  shape: { readonly inputs: number; readonly outputs: number; readonly ofData: boolean },
  index: number,
) => Layer;

const SLOPE = 0.01;
const LOG_2PI = Math.log(2 * Math.PI);

/**
 * The network of `config` with linear layers of any kind.
 *
 * The likelihood of a row is the product of its heads': cross-entropy of one softmax over the logits, and N(mean, variance) of the return,
 * both normalised. So both heads are trained.
 * @param penalty  the rest of −ELBO, such as the divergence of the weights: [R] nats for the whole data set
 * @param dataSize N: a row bears 1/N of the penalty, so that a batch of M rows bears M/N
 * @throws RangeError when a size is no positive integer, a rate is not in [0, 1) or there is no head.
 */
export function forecastNetwork(
  config: NetworkConfig,
  linear: MakeLinear,
  penalty: (feed: Feed) => tf.Tensor,
  dataSize: number,
): ForecastNetwork {
  checkConfig(config, dataSize);
  const { inputs, hidden, activation, dropout: rates, heads, noise } = config;
  const body = bodyOf(config, linear);
  const width = hidden[hidden.length - 1] ?? inputs;
  const ofData = hidden.length === 0;
  const head = (name: Head, outputs: number) =>
    heads.includes(name)
      ? linear(`${name} head`, { inputs: width, outputs, ofData }, hidden.length)
      : undefined;
  const direction = head("direction", DIRECTIONS.length);
  const size = head("return", noise === "each" ? 2 : 1);
  const parts = [body, direction, size].filter((part) => part !== undefined);
  const says = (feed: Feed, x: tf.Tensor): Says => {
    const h = body.apply(feed, x);
    return {
      ...(direction ? { logits: direction.apply(feed, h) } : {}),
      ...(size ? returnOf(config, feed, size.apply(feed, h)) : {}),
    };
  };
  return {
    config: { inputs, hidden, activation, dropout: rates, heads, noise },
    inputShape: [inputs],
    targetShape: [heads.length],
    parameters: [...parts.flatMap((part) => part.parameters), ...noiseParameters(config)],
    buffers: [],
    noise: parts.flatMap((part) => part.noise),
    features: (feed, x) => body.apply(feed, x),
    says,
    predict(feed, x) {
      const { mean, logVar } = says(feed, x);
      if (!mean || !logVar) throw new RangeError("predict: expected a return head, got none");
      return { mean, variance: logVar.exp() };
    },
    terms(feed, x, y) {
      const nll = rowNll(says(feed, x), heads, y);
      const share = penalty(feed).div(dataSize).reshape([-1, 1]);
      return { nll, kl: share.add(tf.zerosLike(nll)) };
    },
  };
}

/** −log p(target | heads) of each row, [R,B] nats. @param y [R or 1, B, heads] */
export function rowNll(says: Says, heads: readonly Head[], y: tf.Tensor): tf.Tensor {
  const targets = heads.length > 1 ? tf.split(y, heads.length, 2) : [y];
  const parts = heads.map((head, i) => {
    const target = targets[i]!;
    if (head === "direction") return crossEntropy(says.logits!, target);
    const value = target.reshape([y.shape[0]!, y.shape[1]!]);
    const squares = value.sub(says.mean!).square().mul(says.logVar!.neg().exp());
    return squares.add(says.logVar!).add(LOG_2PI).mul(0.5);
  });
  return parts.reduce((sum, part) => sum.add(part));
}

/** −log softmax(logits)[label]. @param logits [R,B,3] @param label [R or 1, B, 1] */
function crossEntropy(logits: tf.Tensor, label: tf.Tensor): tf.Tensor {
  const classes = tf.range(0, DIRECTIONS.length).reshape([1, 1, -1]);
  const chosen = tf.equal(label, classes).cast("float32");
  return tf.logSumExp(logits, 2).sub(logits.mul(chosen).sum(2));
}

/** Mean and log variance [R,B] from the outputs of the return head. */
function returnOf(
  { noise }: NetworkConfig,
  { parameters }: Feed,
  out: tf.Tensor,
): { mean: tf.Tensor; logVar: tf.Tensor } {
  const [replicas, rows] = out.shape as [number, number];
  const shape = [replicas, rows];
  if (noise === "each") {
    const [mean, logVar] = tf.split(out, 2, 2) as [tf.Tensor, tf.Tensor];
    return { mean: mean.reshape(shape), logVar: logVar.reshape(shape).clipByValue(-14, 14) };
  }
  const mean = out.reshape(shape);
  const one = noise === "learned" ? parameters[LOG_VARIANCE]! : tf.scalar(Math.log(noise.variance));
  return { mean, logVar: one.add(tf.zerosLike(mean)) };
}

const LOG_VARIANCE = "noise/log variance";

function noiseParameters({ noise, heads }: NetworkConfig) {
  return noise === "learned" && heads.includes("return")
    ? [{ name: LOG_VARIANCE, shape: [1], initial: filled(0) }]
    : [];
}

function bodyOf({ inputs, hidden, activation, dropout: rates }: NetworkConfig, linear: MakeLinear): Layer {
  const of = { leakyRelu: (x: tf.Tensor) => x.leakyRelu(SLOPE), relu: tf.relu, tanh: tf.tanh }[activation];
  return sequence(
    hidden.flatMap((outputs, i) => [
      linear(`hidden ${i}`, { inputs: hidden[i - 1] ?? inputs, outputs, ofData: i === 0 }, i),
      elementwise((x) => of(x)),
      ...(rates[i] ? [dropout(`dropout ${i}`, rates[i], [outputs])] : []),
    ]),
  );
}

function checkConfig(
  { inputs, hidden, dropout: rates, heads, noise }: NetworkConfig,
  dataSize: number,
): void {
  checkCount("inputs", inputs);
  checkCount("dataSize", dataSize);
  for (const width of hidden) checkCount("hidden", width);
  if (rates.length > hidden.length)
    throw new RangeError(`dropout: expected at most ${hidden.length} rates, got ${rates.length}`);
  if (heads.length === 0 || new Set(heads).size !== heads.length)
    throw new RangeError(
      `heads: expected each of direction and return at most once, got [${heads.join(", ")}]`,
    );
  if (typeof noise === "object") checkPositive("noise variance", noise.variance);
}
