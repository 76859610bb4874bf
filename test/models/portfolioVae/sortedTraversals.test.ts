import { expect, test } from "vitest";
import { type PortfolioAutoencoder, sortedTraversals } from "../../../lib/models/portfolioVae/index.js";

test("dimensions come by the nats they carry, most first, each decoded with the others at zero", () => {
  const rows = 4;
  const vae = {
    latents: 2,
    decode: (z: Float64Array) => Float64Array.of(0.5 + z[0]! / 10, 0.5 - z[1]! / 10),
    encodeAll: () => ({
      mean: Float64Array.from({ length: 2 * rows }, (_, i) => (i % 2 === 0 ? 1 : 3)),
      variance: new Float64Array(2 * rows).fill(1),
    }),
  } as unknown as PortfolioAutoencoder;
  const found = sortedTraversals(vae, { weights: new Float64Array(2 * rows), assets: 2 }, [-2, 2]);
  expect(found.map(({ dimension, nats }) => [dimension, nats])).toEqual([
    [1, 4.5],
    [0, 0.5],
  ]);
  expect(found[0]!.portfolios.map((w) => Array.from(w))).toEqual([
    [0.5, 0.7],
    [0.5, 0.3],
  ]);
});
