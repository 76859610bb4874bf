/** Whether a conditional portfolio autoencoder gives what it is asked for. */
import {
  checkLength,
  columnsOf,
  correlation,
  fittedLine,
  type Key,
  normals,
  rootMeanSquare,
} from "../../core/index.js";
import type { PortfolioAutoencoder } from "./portfolioAutoencoder.js";

/** Requests to a conditional generator, and how its portfolios are measured. */
export interface Requests {
  /** [N,C] in the conditions' units, row-major. */
  readonly asked: Float64Array;
  /** The conditions of a portfolio [A], [C]. */
  readonly measure: (weights: Float64Array) => readonly number[];
  readonly key: Key;
}

/** Regression of what came on what was asked; of a perfect generator slope and correlation are 1 and the error is 0. */
export interface Answer {
  readonly slope: number;
  readonly correlation: number;
  /** Root mean square of what came less what was asked, in the condition's unit. */
  readonly error: number;
}

/**
 * One draw of the prior for each request, decoded without limits; one row a condition, [C].
 * @throws RangeError when the requests are no whole rows, a measure has another length, or there are fewer than three.
 */
export function answerRequests(
  vae: Pick<PortfolioAutoencoder, "assets" | "latents" | "conditions" | "decodeAll">,
  { asked, measure, key }: Requests,
): Answer[] {
  const { assets, latents, conditions } = vae;
  const wanted = columnsOf(asked, conditions);
  const count = asked.length / conditions;
  const weights = vae.decodeAll(normals(key, count * latents), asked);
  const measured = Array.from({ length: count }, (_, n) => {
    const row = measure(weights.subarray(n * assets, (n + 1) * assets));
    checkLength("measure", row, conditions);
    return row;
  });
  return wanted.map((column, c) => {
    const came = measured.map((row) => row[c]!);
    return {
      slope: fittedLine(column, came).slope,
      correlation: correlation(column, came),
      error: rootMeanSquare(came.map((value, n) => value - column[n]!)),
    };
  });
}
