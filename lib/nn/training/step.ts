/** One step of training as a pure function of tensors, so that it can be recorded once and replayed. */
import * as tf from "@tensorflow/tfjs";
import type { Noise } from "../layers/layer.js";
import { feedOf, type Layouts, type Model, type Terms } from "../layers/model.js";
import { type AdamSettings, type AdamState, adamStep } from "./adam.js";

/** Everything that a step moves. */
export interface TrainState {
  /** [R,P] */
  readonly parameters: tf.Tensor;
  /** [R,Q] */
  readonly buffers: tf.Tensor;
  readonly adam: AdamState;
}

/** Everything that a step is given. */
export interface StepInput {
  readonly x: tf.Tensor;
  readonly y: tf.Tensor;
  readonly noise: Noise;
  /** [R] */
  readonly beta: tf.Tensor;
  /** [R] nats, of the capacity objective. */
  readonly capacity: tf.Tensor;
  readonly adam: AdamSettings;
}

export interface StepResult {
  readonly state: TrainState;
  /** [R] means over the batch, nats. */
  readonly nll: tf.Tensor;
  readonly kl: tf.Tensor;
}

export interface SummedResult {
  readonly state: TrainState;
  /** [2,R] nats: sums of nll and of KL. */
  readonly sums: tf.Tensor;
}

/** What is minimised, [R], from the means [R] of the two terms. */
export type Objective = (
  means: { readonly nll: tf.Tensor; readonly kl: tf.Tensor },
  input: Pick<StepInput, "beta" | "capacity">,
) => tf.Tensor;

/** nll + β · KL: −ELBO at β = 1 (Higgins et al. 2017). */
export const betaObjective: Objective = ({ nll, kl }, { beta }) => nll.add(kl.mul(beta));

/** The loss nll + β · |KL − capacity|, [R] nats: the KL is held at a level that a schedule raises (Burgess et al. 2018). */
export const capacityObjective: Objective = ({ nll, kl }, { beta, capacity }) =>
  nll.add(kl.sub(capacity).abs().mul(beta));

/**
 * The step of a model: gradients of the sum over replicas of the objective, then Adam. Replicas never touch.
 *
 * It changes nothing it is given; the caller owns what it returns.
 */
export function trainingStep(
  model: Model,
  layouts: Layouts,
  objective: Objective = betaObjective,
): (state: TrainState, input: StepInput) => StepResult {
  return (state, input) => {
    const aside: tf.Tensor[] = [];
    const aSide = (tensor: tf.Tensor) => {
      const kept = tf.keep(tensor.clone());
      aside.push(kept);
      return kept;
    };
    const [gradient, buffers] = tf.tidy(() => {
      let moved: tf.Tensor | undefined;
      const loss = (flat: tf.Tensor) => {
        const feed = feedOf(layouts, { parameters: flat, buffers: state.buffers }, input.noise, true);
        const means = meansOf(model.terms(feed, input.x, input.y));
        moved = aSide(gathered(feed.updates, layouts, state.buffers));
        aSide(means.nll);
        aSide(means.kl);
        return objective(means, input).sum() as tf.Scalar;
      };
      return [tf.grad(loss)(state.parameters), moved!] as const;
    });
    const [, nll, kl] = aside as [tf.Tensor, tf.Tensor, tf.Tensor];
    const next = adamStep(state.parameters, gradient, state.adam, input.adam);
    gradient.dispose();
    return { state: { parameters: next.parameters, buffers, adam: next.state }, nll, kl };
  };
}

/** Means over the batch, [R]. */
export function meansOf(terms: Terms): Terms {
  return { nll: terms.nll.mean(1), kl: terms.kl.mean(1) };
}

/** The buffers after the pass, flat: new values where there are, the old ones elsewhere. */
function gathered(updates: ReadonlyMap<string, tf.Tensor>, layouts: Layouts, old: tf.Tensor): tf.Tensor {
  const { specs, sizes, total } = layouts.buffers;
  if (total === 0 || updates.size === 0) return old;
  const before = tf.split(old, [...sizes], 1);
  const parts = specs.map(
    (spec, i) => updates.get(spec.name)?.reshape([old.shape[0]!, sizes[i]!]) ?? before[i]!,
  );
  return parts.length > 1 ? tf.concat(parts, 1) : parts[0]!;
}

export function disposeState(state: TrainState): void {
  tf.dispose([state.parameters, state.buffers, state.adam.first, state.adam.second, state.adam.count]);
}

/** The step, and sums [2,R] of its two terms over the steps so far. */
export function summedStep(
  step: ReturnType<typeof trainingStep>,
): (state: TrainState, sums: tf.Tensor, input: StepInput) => SummedResult {
  return (state, sums, input) => {
    const { state: next, nll, kl } = step(state, input);
    const added = tf.tidy(() => sums.add(tf.stack([nll, kl])));
    tf.dispose([nll, kl]);
    return { state: next, sums: added };
  };
}
