/** A study that runs in this process: its rows, its stopping, and how it goes on after it was stopped. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { fold, key } from "../../lib/core/random.js";
import { bnn, train } from "../../lib/models/index.js";
import * as sweep from "../../lib/sweep/index.js";
import { folder, idleStudy, machine, NO_SIZE, smallSource, tableOf } from "./support.js";

const folders: { remove(): void }[] = [];
afterEach(() => {
  for (const each of folders.splice(0)) each.remove();
});

function fresh(): string {
  const made = folder();
  folders.push(made);
  return made.path;
}

interface Options {
  readonly path?: string;
  readonly stopAfter?: number;
  readonly folds?: sweep.StudyFolds;
  readonly weights?: boolean;
}

/** Runs a study here; it is stopped after so many stacks. */
async function ran(study: sweep.Study, { path = fresh(), stopAfter, folds, weights = false }: Options = {}) {
  const results = await sweep.openResults(path, study, { weights });
  const stop = new AbortController();
  const inner = sweep.here(study, { folds, machine, signal: stop.signal, weights });
  const trained: string[] = [];
  const execute: sweep.Executor = (stacks, done, round) =>
    inner(
      stacks,
      async (stack, outcome) => {
        trained.push(stack.id);
        await done(stack, outcome);
        if (trained.length === stopAfter) stop.abort();
      },
      round,
    );
  const sizeOf = (settings: sweep.Settings) =>
    study.model === "none" ? NO_SIZE : sweep.sizeOf(study.model, settings, folds!.at(0));
  const done = await sweep.runStudy({ study, results, execute, sizeOf, signal: stop.signal });
  return { path, done, trained, results };
}

describe("a study that trains nothing", () => {
  test("has one row a network, in their order", async () => {
    const { path, done } = await ran(idleStudy());
    const rows = JSON.parse(await tableOf(path)) as { network: number; trial: number; seed: number }[];
    expect(done).toBe(true);
    expect(rows.map(({ network }) => network)).toEqual(Array.from({ length: 40 }, (_, n) => n));
    expect(rows.map(({ trial, seed }) => 4 * trial + seed)).toEqual(rows.map(({ network }) => network));
  });

  test("stopped and run again it trains what is missing alone, and the table is the same to the bit", async () => {
    const whole = await ran(idleStudy());
    const path = fresh();
    const first = await ran(idleStudy(), { path, stopAfter: 3 });
    expect([first.done, existsSync(join(path, sweep.TABLE))]).toEqual([false, false]);
    const second = await ran(idleStudy(), { path });
    expect(first.trained.length + second.trained.length).toBe(whole.trained.length);
    expect(await tableOf(path)).toBe(await tableOf(whole.path));
    expect((await ran(idleStudy(), { path })).trained).toEqual([]);
  });

  test("stacks of another size give the same table", async () => {
    const [four, three] = [await ran(idleStudy()), await ran(idleStudy({ budget: { stackNetworks: 3 } }))];
    expect(await tableOf(three.path)).toBe(await tableOf(four.path));
  });

  test("halving trains the best further: by the score of all seeds, the least β", async () => {
    const study = idleStudy({
      settings: { epochs: 9 },
      stopping: { rule: "halving", epochs: [1, 3], keep: 0.5 },
    });
    const { path } = await ran(study);
    const rows = JSON.parse(await tableOf(path)) as { trial: number; epochs: number }[];
    const epochs = Array.from({ length: 10 }, (_, t) => rows.find(({ trial }) => trial === t)!.epochs);
    expect(epochs).toEqual([9, 9, 9, 3, 3, 1, 1, 1, 1, 1]);
  });

  test("a network that fails is set aside with its error, and the others are in the table", async () => {
    const study = idleStudy({ search: { grid: { fails: [false, true], beta: [1] } } });
    const { path, results, done } = await ran(study);
    expect(done).toBe(true);
    expect(results.aside.map(({ networks }) => networks[0])).toEqual([4, 5, 6, 7]);
    expect(results.aside[0]!.error).toBe("fails: expected a network that can be trained, got none");
    expect(JSON.parse(await tableOf(path))).toHaveLength(4);
    expect(readdirSync(join(path, "aside"))).toHaveLength(4);
  });

  test("a folder of another study is refused, and a damaged file is named", async () => {
    const { path } = await ran(idleStudy());
    await expect(ran(idleStudy({ seed: 2 }), { path })).rejects.toThrow(
      "got those of another; name another folder",
    );
    const part = join(path, "parts", readdirSync(join(path, "parts"))[0]!);
    writeFileSync(part, "[{");
    await expect(ran(idleStudy(), { path })).rejects.toThrow(`${part}: expected JSON, got a damaged file`);
  });

  test("more networks than the budget are refused", async () => {
    await expect(ran(idleStudy({ budget: { networks: 39 } }))).rejects.toThrow(
      "budget.networks: expected at most 39 networks, got 40: 10 settings, 1 folds, 4 seeds",
    );
  });
});

describe("weights", () => {
  const study = idleStudy({
    ...{ model: "bnn", search: { grid: { beta: [0.5, 4] } }, seeds: 2, draws: 5 },
    settings: { hidden: [4], epochs: 2, batchSize: 32 },
  });

  test("are written on request, are those of the training to the bit, and are not written twice", async () => {
    const folds = sweep.foldsOf(await smallSource(), study.data);
    const path = fresh();
    const plain = await ran(study, { folds });
    await ran(study, { folds, path, weights: true });
    expect(await tableOf(path)).toBe(await tableOf(plain.path));
    expect(existsSync(join(plain.path, "weights"))).toBe(false);
    const files = readdirSync(join(path, "weights"));
    expect(files).toEqual([0, 1, 2, 3].map((n) => `r0-n000000${n}.weights`));
    const read = await Promise.all(files.map((name) => sweep.readWeights(join(path, "weights", name))));
    expect(read.map(({ network, settings }) => [network, settings.beta])).toEqual([
      ...[0, 1].map((n) => [n, 0.5]),
      ...[2, 3].map((n) => [n, 4]),
    ]);
    const { values } = read[3]!;
    const model = bnn({ data: folds.at(0), hidden: [4], noise: "each" });
    const fit = await train(model, folds.at(0), {
      ...{ networks: [{ beta: 4, seed: 1 }], key: fold(key("study"), "fold", 0) },
      ...{ epochs: 2, batchSize: 32, learningRate: 1e-3, weightDecay: 0, clip: 5 },
    });
    expect(values).toEqual(Float32Array.of(...fit.weights.parameters, ...fit.weights.buffers));
    const again = await ran(study, { folds, path, weights: true });
    expect(again.trained).toEqual([]);
  }, 300_000);

  test("that are damaged are refused, and those that are missing are trained again to the same bits", async () => {
    const folds = sweep.foldsOf(await smallSource(), study.data);
    const { path } = await ran(study, { folds, weights: true });
    const file = join(path, "weights", "r0-n0000002.weights");
    const before = readFileSync(file);
    const damaged = Buffer.from(before);
    damaged[damaged.length - 1]! ^= 1;
    writeFileSync(file, damaged);
    await expect(sweep.readWeights(file)).rejects.toThrow(
      `${file}: expected content of the SHA-256 that it names`,
    );
    rmSync(file);
    expect((await ran(study, { folds, path, weights: true })).trained).toHaveLength(1);
    expect(readFileSync(file)).toEqual(before);
  }, 300_000);
});

describe("a study of small autoencoders", () => {
  const more = {
    model: "vae",
    data: { sha256: "ab".repeat(32), folds: 2 },
    settings: { latent: 2, hidden: [8], epochs: 2, batchSize: 32 },
    search: { grid: { beta: [0.5, 4] } },
    seeds: 2,
    draws: 10,
    scores: ["elbo", "nll", "crps", "miscoverage", "sharpe", "kl", "active"],
    trading: { rule: "sign" },
  };

  test("networks are the same to the bit whatever stands beside them in a stack", async () => {
    const source = await smallSource();
    const tables: string[] = [];
    for (const stackNetworks of [4, 1, 3]) {
      const study = idleStudy({ ...more, budget: { stackNetworks } });
      const { path } = await ran(study, { folds: sweep.foldsOf(source, study.data) });
      tables.push(await tableOf(path));
    }
    expect(tables[1]).toBe(tables[0]);
    expect(tables[2]).toBe(tables[0]);
    const rows = JSON.parse(tables[0]!) as Record<string, number>[];
    expect(rows).toHaveLength(8);
    for (const row of rows) {
      expect(row.test_nll_lower!).toBeLessThan(row.test_nll!);
      expect(row.test_nll_upper!).toBeGreaterThan(row.test_nll!);
      expect(row.validation_kl!).toBeGreaterThan(0);
      expect(row.test_sharpe_bars!).toBeGreaterThan(20);
    }
  }, 300_000);

  test("a diverging network alone is set aside", async () => {
    const source = await smallSource();
    const study = idleStudy({
      ...more,
      search: { grid: { beta: [1e300, 1] } },
      seeds: 1,
      data: { sha256: "ab".repeat(32) },
    });
    const { results, path } = await ran(study, { folds: sweep.foldsOf(source, study.data) });
    expect(results.aside.map(({ networks }) => networks)).toEqual([[0]]);
    expect(results.aside[0]!.error).toMatch(/^training: replica 0 lost its way in epoch 0/);
    expect(JSON.parse(await tableOf(path))).toHaveLength(1);
  }, 300_000);
});
