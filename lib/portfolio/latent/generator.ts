/** Portfolios from a learned space of latents: drawn, blended, climbed to, and always within their limits. */

import type { Matrix } from "../../core/index.js";
import {
  checkCount,
  checkLength,
  checkPositive,
  fold,
  type Key,
  quadraticForm,
  stream,
} from "../../core/index.js";
import { expectedVolatility } from "../../trading/performance/index.js";
import { type Constraints, project, projectAll } from "../constraints/projection.js";
import type { PortfolioSet } from "../evaluate/evaluator.js";
import {
  type DifferentiableDecoder,
  type LatentOptimum,
  latentOptimise,
  type WeightObjective,
} from "./latentOptimise.js";
import { latentPath } from "./latentPath.js";
import { limitedDecoder } from "./limitedDecoder.js";

/** An encoder and a decoder of portfolios, such as a trained autoencoder's. */
export interface PortfolioDecoder extends DifferentiableDecoder {
  readonly assets: number;
  /** Mean of the latents of weights [A], [K]. */
  encode(w: Float64Array): { readonly mean: Float64Array };
  /** Weights [N,A] of latents [N,K]. */
  decodeAll(z: Float64Array): Float64Array;
}

/** Portfolios with the latents [N,K] that they were decoded from. */
export interface GeneratedSet extends PortfolioSet {
  readonly codes: Float64Array;
}

export interface GeneratedOptimum extends LatentOptimum {
  /** What the decoder says of z, before the limits. */
  readonly decoded: Float64Array;
}

/** A generator of portfolios within limits from latents [N,K]. */
export interface PortfolioGenerator {
  /** Draws of N(0, I), or of its part within the radius. */
  sample(count: number, key: Key): GeneratedSet;
  /** @param codes [N,K] */
  fromCodes(codes: Float64Array): GeneratedSet;
  /**
   * steps + 1 portfolios along the line between the latents of two, whose ends are the reconstructions of both, or with `exactEnds` the
   * two themselves.
   */
  interpolate(
    from: Float64Array,
    to: Float64Array,
    options: { readonly steps: number; readonly exactEnds?: boolean },
  ): GeneratedSet;
  /** The latent vector within the ball whose portfolio within the limits is best: a local optimum, of several starts. */
  optimise(
    objective: WeightObjective,
    search: { readonly starts: number; readonly key: Key; readonly radius?: number },
  ): GeneratedOptimum;
}

/**
 * A generator of portfolios, each the nearest one within the constraints to what the decoder says.
 *
 * A limit holds whatever the model has learned; how far it had to be enforced is the distance from `codec.decodeAll`. A condition is
 * given to the codec beforehand.
 * @param options.radius  of the ball of latents that is drawn from and searched; default none
 * @throws RangeError when no portfolio is within the constraints or the radius is not positive.
 */
export function portfolioGenerator(
  codec: PortfolioDecoder,
  options: { readonly constraints?: Constraints; readonly radius?: number } = {},
): PortfolioGenerator {
  const { constraints = {}, radius } = options;
  const { assets, latents } = codec;
  project(new Float64Array(assets).fill(1 / assets), constraints);
  if (radius !== undefined) checkPositive("radius", radius);
  const fromCodes = (codes: Float64Array): GeneratedSet => {
    checkLength("codes", codes, Math.max(1, Math.round(codes.length / latents)) * latents);
    return { weights: projectAll(codec.decodeAll(codes), assets, constraints), assets, codes };
  };
  return {
    sample: (count, key) => fromCodes(drawnCodes(key, { count, latents, radius })),
    fromCodes,
    interpolate(from, to, { steps, exactEnds = false }) {
      checkCount("steps", steps);
      const shares = Float64Array.from({ length: steps + 1 }, (_, i) => i / steps);
      const path = latentPath(codec.encode(from).mean, codec.encode(to).mean, { shares });
      const set = fromCodes(Float64Array.from(path.flatMap((z) => Array.from(z))));
      if (exactEnds) {
        set.weights.set(project(from, constraints));
        set.weights.set(project(to, constraints), steps * assets);
      }
      return set;
    },
    optimise(objective, search) {
      const within = search.radius ?? radius;
      if (within === undefined) throw new RangeError("radius: expected one to search within, got none");
      const found = latentOptimise(limitedDecoder(codec, constraints), objective, {
        ...search,
        radius: within,
      });
      return { ...found, decoded: codec.decode(found.z) };
    },
  };
}

const MOST_TRIES = 10_000;

/** [N,K]; a draw beyond the radius is thrown away, so that the directions stay even and the density what it was. */
function drawnCodes(
  key: Key,
  {
    count,
    latents,
    radius,
  }: { readonly count: number; readonly latents: number; readonly radius?: number | undefined },
): Float64Array {
  checkCount("count", count);
  const out = new Float64Array(count * latents);
  const source = stream(fold(key, "codes"));
  for (let n = 0; n < count; n++) {
    for (let tries = 0; ; tries++) {
      let square = 0;
      for (let k = 0; k < latents; k++) {
        const e = source.normal();
        out[n * latents + k] = e;
        square += e * e;
      }
      if (radius === undefined || square <= radius * radius) break;
      if (tries === MOST_TRIES)
        throw new RangeError(`radius: expected one that draws of ${latents} numbers reach, got ${radius}`);
    }
  }
  return out;
}

/**
 * The point [K] half-way between two centres of latents, as near to one as to the other: where a clustering by distance changes its mind.
 */
export function boundaryLatent(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  return latentPath(a, b, { shares: [0.5] })[0]!;
}

/**
 * The mixture [A] of a portfolio [A] with a calm or a risky one that has exactly the volatility asked for.
 *
 * Convex limits that all three keep are kept; a minimum position may not be. The least mixing that does it: the nearest point of the
 * segment.
 * @param options  `target` is the volatility per bar of the covariance; `calm` and `risky` are portfolios [A]
 * @throws RangeError when the target lies below the calm portfolio's volatility or above the risky one's.
 */
export function atVolatility(
  weights: Float64Array,
  options: {
    readonly covariance: Matrix;
    readonly target: number;
    readonly calm: Float64Array;
    readonly risky: Float64Array;
  },
): Float64Array {
  const { covariance, target, calm, risky } = options;
  checkPositive("target", target);
  const now = expectedVolatility(weights, covariance);
  if (now === target) return weights.slice();
  const end = now > target ? calm : risky;
  const reached = expectedVolatility(end, covariance);
  if (now > target ? reached > target : reached < target)
    throw new RangeError(
      `target: expected a volatility between the calm and the risky portfolio's, got ${target}; this end has ${reached}`,
    );
  const step = end.map((value, a) => value - weights[a]!);
  // (w + t d)ᵀ Σ (w + t d) = target², a quadratic in t with one root in [0, 1] on the way from one side to the other
  const square = quadraticForm(covariance, step);
  const linear = 0.5 * (reached ** 2 - now ** 2 - square);
  const rest = now ** 2 - target ** 2;
  const root = Math.sqrt(Math.max(0, linear ** 2 - square * rest));
  const share = now > target ? -rest / (linear - root) : -rest / (linear + root);
  return weights.map((w, a) => w + share * step[a]!);
}
