import { fromRows } from "../../../lib/core/linalg.js";

/** Loadings [6,2] and own variances of six assets: one factor that all share, one that sets the second half against the first. */
export const TWO_FACTORS = {
  loadings: fromRows([
    [0.9, 0],
    [0.8, 0.1],
    [0.7, 0.5],
    [0.6, 0.6],
    [0.8, -0.4],
    [0.7, -0.5],
  ]),
  ownVariance: Float64Array.of(0.1, 0.3, 0.2, 0.4, 0.2, 0.1),
};
