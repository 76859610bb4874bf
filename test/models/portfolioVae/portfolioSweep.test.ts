import { expect, test } from "vitest";
import { core, models, nn, portfolio } from "../../../lib/index.js";

test("of a sweep the run with a huge β carries less than a tenth of the information", async () => {
  await nn.startBackend();
  const root = core.key("sweep");
  const set = { assets: 3, weights: portfolio.sampleDirichlet(root, 128, portfolio.evenAlpha(3, 0.5)) };
  const likelihood = { kind: "simplex", lots: 1000, concentration: "learned" } as const;
  const shape = { latents: 2, epochs: 12, likelihood };
  const runs = await models.portfolio.sweepBeta(set, { ...shape, key: root, betas: [1, 1e5], seeds: 1 });
  expect(runs.map(({ beta, seed }) => [beta, seed])).toEqual([
    [1, 0],
    [1e5, 0],
  ]);
  const nats = runs.map(({ vae }) => core.sum(models.portfolio.latentInformation(vae, set)));
  expect(nats[1]).toBeLessThan(nats[0]! / 10);
});

test("a traversal moves its own dimension and passes the decoder's centre at zero", () => {
  const columns = core.fromRows([
    [1, 0],
    [0, 0],
    [-1, 1],
  ]);
  const vae = { latents: 2, decode: portfolio.latent.linearSoftmaxDecoder(columns, [0, 0, 0]).decode };
  const [low, centre, high] = models.portfolio.latentTraversal(vae, 0, [-1, 0, 1]);
  expect(Array.from(centre!)).toEqual([1 / 3, 1 / 3, 1 / 3].map((w) => expect.closeTo(w)));
  expect(low![2]).toBeCloseTo(high![0]!, 12);
  expect(() => models.portfolio.latentTraversal(vae, 2, [0])).toThrow("below 2");
});

test("a condition that decides the portfolio raises the bound of later portfolios", async () => {
  await nn.startBackend();
  const root = core.key("told");
  const setOf = (name: string, count: number) => {
    const values = core.uniforms(core.fold(root, name), count);
    const noise = core.uniforms(core.fold(root, name, "noise"), count);
    const weights = Float64Array.from(values, (v) => v).reduce<number[]>(
      (all, v, n) => all.concat([0.8 * v, 0.8 * (1 - v), 0.2 * noise[n]!, 0.2 * (1 - noise[n]!)]),
      [],
    );
    return { assets: 4, weights: Float64Array.from(weights), conditions: { names: ["first"], values } };
  };
  const options = { key: root, latents: 2, epochs: 20, hidden: [16] };
  const { told, untold } = await models.portfolio.conditionGain(setOf("a", 256), setOf("b", 64), options);
  expect(core.mean(told)).toBeGreaterThan(core.mean(untold));
});

test("a generator that gives what is asked has slope one and no error, one that ignores it has not", () => {
  const asked = core.uniforms(core.key("asked"), 50);
  const measure = (w: Float64Array) => [w[0]!];
  const shape = { assets: 2, latents: 1, conditions: 1 };
  const obedient = {
    ...shape,
    decodeAll: (_: ArrayLike<number>, c?: ArrayLike<number>) =>
      Float64Array.from(Array.from(c!).flatMap((v) => [v, 1 - v])),
  };
  const request = { asked, measure, key: core.key("requests") };
  const [exact] = models.portfolio.answerRequests(obedient, request);
  expect(exact).toEqual({
    slope: expect.closeTo(1),
    correlation: expect.closeTo(1),
    error: expect.closeTo(0),
  });
  const deaf = {
    ...shape,
    decodeAll: (z: ArrayLike<number>) => Float64Array.from(Array.from(z).flatMap((v) => [v, 1 - v])),
  };
  expect(models.portfolio.answerRequests(deaf, request)[0]!.correlation).toBeLessThan(0.5);
  expect(() => models.portfolio.answerRequests(obedient, { ...request, measure: () => [] })).toThrow(
    "measure",
  );
});

test("a set of rows taken apart again is the rows", () => {
  const rows = [Float64Array.of(0.2, 0.8), Float64Array.of(0.5, 0.5)];
  expect(portfolio.rowsOf(portfolio.setOf(rows))).toEqual(rows);
  expect(() => portfolio.setOf([[1], [0.5, 0.5]])).toThrow("portfolio 1");
});
