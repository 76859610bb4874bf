/** The file of a study, its settings, its stacks, and which settings go on. */
import { describe, expect, test } from "vitest";
import * as sweep from "../../lib/sweep/index.js";
import { stackLimit, stacksOf } from "../../lib/sweep/plan/stacks.js";

const sha256 = "ab".repeat(32);
const base = { name: "tried", data: { sha256 }, model: "vae" };
const small = { parameters: 1000, activations: 100, rows: 1000 };

describe("readStudy", () => {
  test.each([
    [{ ...base, searh: 1 }, "unknown key searh"],
    [{ ...base, model: "cnn" }, /^study: model: .*got "cnn"$/],
    [{ ...base, data: { sha256: "12" } }, /^study: data\.sha256: expected 64 hexadecimal digits.*got "12"$/],
    [{ ...base, settings: { latents: 4 } }, /settings\.latents: expected a setting of vae, one of .*latent/],
    [{ ...base, search: { grid: { latent: [4, -1] } } }, /search\.grid\.latent\.1: .*got -1/],
    [
      { ...base, settings: { beta: 1 }, search: { grid: { beta: [1] } } },
      /search\.grid\.beta: expected a setting that is not fixed/,
    ],
    [
      { ...base, search: { random: { trials: 3, over: { beta: { from: 0, to: 1, scale: "log" } } } } },
      /search\.random\.over\.beta: expected from above 0/,
    ],
    [
      { ...base, search: { random: { trials: 3, over: { latent: { from: 2, to: "x" } } } } },
      /search\.random\.over\.latent\.to: /,
    ],
    [{ ...base, model: "beta-vae", scores: ["nll"] }, /scores\.0: expected one of elbo, kl.* got nll/],
    [{ ...base, select: "sharpe" }, /select: expected one of the scores/],
    [
      { ...base, settings: { epochs: 10 }, stopping: { rule: "median", epochs: [5, 10] } },
      /stopping\.epochs\.1: expected more than 5 and less than the 10/,
    ],
    ["name: [", /^study: expected YAML or JSON: /],
  ])("%j is refused by the path of what is wrong", (text, problem) => {
    expect(() => sweep.readStudy(text)).toThrow(problem);
  });

  test("the hash is of what decides the numbers: not of the place of the data, the stacks, or the order of keys", () => {
    const hash = (more: object) => sweep.studyHash(sweep.readStudy({ ...base, ...more }));
    const own = hash({});
    expect(hash({ data: { file: "here.dataset", sha256 } })).toBe(own);
    expect(hash({ budget: { stackNetworks: 3 } })).toBe(own);
    expect(sweep.studyHash(sweep.readStudy({ model: "vae", data: { sha256 }, name: "tried" }))).toBe(own);
    expect(hash({ seed: 2 })).not.toBe(own);
    const grid = (search: object) => hash({ search: { grid: search } });
    expect(grid({ beta: [1], latent: [2] })).not.toBe(grid({ latent: [2], beta: [1] }));
  });
});

describe("trialsOf", () => {
  test("a grid is the product of its values, the last varying fastest", () => {
    const study = sweep.readStudy({ ...base, search: { grid: { latent: [2, 4], beta: [1, 8] } } });
    const pairs = sweep.trialsOf(study).map(({ settings }) => [settings.latent, settings.beta]);
    expect(pairs).toEqual([
      [2, 1],
      [2, 8],
      [4, 1],
      [4, 8],
    ]);
    expect(sweep.trialCount(study)).toBe(4);
  });

  test("random draws fill their range evenly on its scale, and more trials leave the first as they were", () => {
    const study = (trials: number) =>
      sweep.readStudy({
        ...base,
        search: {
          random: {
            trials,
            over: { beta: { from: 0.01, to: 100, scale: "log" }, latent: { from: 1, to: 3, whole: true } },
          },
        },
      });
    const trials = sweep.trialsOf(study(3000));
    const low = trials.filter(({ settings }) => Number(settings.beta) < 0.1).length / 3000;
    expect(Math.abs(low - 1 / 4)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / 3000));
    for (const latent of [1, 2, 3]) {
      const share = trials.filter(({ settings }) => settings.latent === latent).length / 3000;
      expect(Math.abs(share - 1 / 3)).toBeLessThan(4 * Math.sqrt(2 / 9 / 3000));
    }
    expect(sweep.trialsOf(study(5))).toEqual(trials.slice(0, 5));
  });
});

describe("stacksOf", () => {
  const study = sweep.readStudy({
    ...base,
    data: { sha256, folds: 2 },
    search: { grid: { latent: [2, 4], beta: [1, 8] } },
    seeds: 3,
    budget: { stackNetworks: 4 },
  });
  const stacks = stacksOf(study, { trials: sweep.trialsOf(study), rung: 0 }, () => small);

  test("every network is in one stack, with others that differ by β and seed alone", () => {
    const networks = stacks.flatMap((stack) => stack.networks.map(({ network }) => network));
    expect([...networks].sort((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, n) => n));
    expect(stacks.map((stack) => stack.networks.length)).toEqual([4, 2, 4, 2, 4, 2, 4, 2]);
    expect(new Set(stacks.map(({ id }) => id)).size).toBe(8);
  });

  test("what is done is left out, and stacks of the rest are those of any other run", () => {
    const rest = stacksOf(
      study,
      { trials: sweep.trialsOf(study), rung: 0 },
      () => small,
      (n) => n < 3,
    );
    expect(rest.flatMap(({ networks }) => networks).length).toBe(21);
    expect(stacksOf(study, { trials: sweep.trialsOf(study), rung: 0 }, () => small)).toEqual(stacks);
  });

  test("memory and time limit a stack, and one network is always in it", () => {
    const limit = (budget: object, size = small) =>
      stackLimit(
        sweep.readStudy({ ...base, budget: { stackNetworks: 1000, ...budget } }),
        { batchSize: 100 },
        10,
        size,
      );
    const megabytes = (4 * (6 * 1e5 + 3 * 100 * 100)) / 1e6;
    expect(limit({ stackMegabytes: 100 }, { ...small, parameters: 1e5 })).toBe(Math.floor(100 / megabytes));
    expect(limit({ stackSeconds: 1 }, { ...small, parameters: 1e6 })).toBe(1);
  });
});

describe("survivors", () => {
  const losses = [3, 1, Number.NaN, 2, 5].map((loss, trial) => ({ trial, loss }));

  test("halving keeps the best fraction of all that were compared, failed ones counted", () => {
    expect(sweep.survivors(losses, { rule: "halving", epochs: [1], keep: 0.4 })).toEqual([1, 3]);
    expect(sweep.survivors(losses, { rule: "halving", epochs: [1], keep: 0.01 })).toEqual([1]);
  });

  test("the median rule keeps those no worse than the median of what has a score", () => {
    expect(sweep.survivors(losses, { rule: "median", epochs: [1] })).toEqual([1, 3]);
  });

  test("where nothing has a score, nothing is given up", () => {
    const none = losses.map(({ trial }) => ({ trial, loss: Number.NaN }));
    expect(sweep.survivors(none, { rule: "median", epochs: [1] })).toEqual([0, 1, 2, 3, 4]);
  });
});
