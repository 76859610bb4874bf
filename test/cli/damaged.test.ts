/** What the commands read, damaged: it is refused by its name, and never read as something else. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { readModel } from "../../lib/cli/tasks/fits/modelFile.js";
import { readSettings } from "../../lib/cli/tasks/fits/settings.js";
import { checkForecasts, readForecasts, withChecksum } from "../../lib/cli/tasks/forecastsFile.js";
import { predict } from "../../lib/cli/tasks/predict.js";
import { readDataset } from "../../lib/cli/tasks/sources/datasetFile.js";
import { dataOf, prepareWindows } from "../../lib/cli/tasks/sources/windows.js";
import { writeSealed } from "../../lib/core/sealedFile.js";
import { marketConfig, marketVaeOf, trainingOf } from "../../lib/models/marketVae/marketConfig.js";
import { startBackend } from "../../lib/nn/backend.js";
import { train } from "../../lib/nn/training/train.js";
import { readProgress } from "../../lib/nn/training/trainingFile.js";
import { temporaryFolder } from "../live/paperFixtures.js";
import { fuzz, isOurs, lies } from "../support/fuzz.js";
import { trainSmall } from "./small.js";

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);
const [data, modelPath, predictions] = [file("sim.dataset"), file("sim.model"), file("forecasts.json")];
const settings = `# of a test
seed: commands
model: { latentDim: 4, hidden: [16], headWidth: 8 }
training: { epochs: 2, warmUpEpochs: 1, batchSize: 64, learningRate: 0.003 }
data: { sequenceLength: 12, predictionHorizon: 3 }
`;

beforeAll(async () => {
  await startBackend("wasm");
  writeFileSync(file("settings.yaml"), settings);
  await trainSmall({ data, model: modelPath, config: file("settings.yaml") });
  const forecasts = await predict({ model: modelPath, data, draws: 10, seed: 1, backend: "wasm" });
  writeFileSync(predictions, JSON.stringify(forecasts, null, 2));
});

/** Reads a file under the name of a damaged one. */
function through<T>(name: string, read: (path: string) => Promise<T>) {
  return (bytes: Uint8Array): Promise<T> => {
    writeFileSync(file(name), bytes);
    return read(file(name));
  };
}

/** Whether two values hold the same numbers, texts and arrays; functions are passed over. */
function sameAs(whole: unknown): (found: unknown) => boolean {
  const text = (value: unknown) =>
    JSON.stringify(value, (_, v) => (ArrayBuffer.isView(v) ? Array.from(v as Float64Array, String) : v));
  const expected = text(whole);
  return (found) => text(found) === expected;
}

test("no damage to a dataset, a model, a checkpoint or forecasts is read as something else", async () => {
  const config = marketConfig(settings);
  const prepared = prepareWindows(await readDataset(data));
  const model = marketVaeOf(
    marketConfig({ ...config, model: { ...config.model, inputDim: prepared.columns.length } }),
  );
  const part = dataOf(prepared, prepared.split.train);
  const options = {
    ...trainingOf(config, { rows: part.rows, replicas: 2 }),
    checkpoint: file("whole.checkpoint"),
  };
  const validation = dataOf(prepared, prepared.split.validation);
  await train(model, part, { ...options, validation, checkpointEvery: 1 });
  const readCheckpoint = (path: string) => readProgress(path, model, options.keys);
  for (const [name, path, read] of [
    ["dataset", data, readDataset],
    ["model", modelPath, readModel],
    ["checkpoint", file("whole.checkpoint"), readCheckpoint],
    ["forecasts", predictions, readForecasts],
  ] as [string, string, (path: string) => Promise<unknown>][]) {
    const same = sameAs(await read(path));
    const damaged = through(`damaged.${name}`, read);
    const found = await fuzz({
      name,
      bytes: readFileSync(path),
      read: damaged,
      same,
      names: `damaged.${name}`,
    });
    expect(found, name).toMatchObject({ silent: [], crashed: [] });
    expect(found.refused, name).toBeGreaterThan(0);
  }
});

test("settings are read as they stand or refused in words that name file and key", async () => {
  const yaml = new TextEncoder().encode(settings);
  const json = new TextEncoder().encode(JSON.stringify(marketConfig(settings)));
  for (const [name, bytes] of [
    ["settings.yaml", yaml],
    ["settings.json", json],
  ] as const) {
    // text has no checksum: what is read must be settings, whatever they say
    const same = (found: object) => marketConfig(found) !== undefined;
    const found = await fuzz({
      name,
      bytes,
      read: through(`damaged.${name}`, readSettings),
      same,
      names: `damaged.${name}`,
    });
    expect(found, name).toMatchObject({ silent: [], crashed: [] });
  }
});

test("a file that lies under a right checksum is refused in words of ours, or is what it claims to be", async () => {
  const dataset = await readDataset(data);
  for (const [name, path, magic, check] of [
    ["dataset", data, "vitrade dataset 2", readDataset],
    ["model", modelPath, "vitrade weights 2", readModel],
  ] as const) {
    const lines = readFileSync(path);
    const [, , head] = lines.toString("latin1").split("\n") as [string, string, string];
    const start = lines.indexOf(10, lines.indexOf(10, lines.indexOf(10) + 1) + 1) + 1;
    const body = new Uint8Array(lines.subarray(start));
    for (const [lie, document] of lies(JSON.parse(head))) {
      await writeSealed(file(`lying.${name}`), { magic, name }, document as object, [body]);
      await check(file(`lying.${name}`)).catch((error: unknown) => {
        if (!isOurs(error, `lying.${name}`)) expect.fail(`${name}: ${lie}: ${(error as Error).stack}`);
      });
    }
  }
  const { checksum: _, ...forecasts } = JSON.parse(readFileSync(predictions, "utf8"));
  for (const [lie, document] of lies(forecasts)) {
    writeFileSync(file("lying.json"), JSON.stringify(withChecksum(document as object)));
    await readForecasts(file("lying.json"))
      .then((read) => checkForecasts(file("lying.json"), read, dataset))
      .catch((error: unknown) => {
        if (!isOurs(error, "lying.json")) expect.fail(`forecasts: ${lie}: ${(error as Error).stack}`);
      });
  }
});

test("a model that says it has seen less than it has, or holds a weight that is no number, forecasts nothing", async () => {
  const bytes = readFileSync(modelPath);
  const at = [0, 1].reduce((from) => bytes.indexOf(10, from) + 1, 0);
  const head = JSON.parse(bytes.toString("utf8", at, bytes.indexOf(10, at)));
  const body = new Uint8Array(bytes.subarray(bytes.indexOf(10, at) + 1));
  const magic = "vitrade weights 2";
  const asked = { data, draws: 10, seed: 1, backend: "wasm" } as const;
  const lying = file("lying.model");
  const earlier = head.knownUntil - 200 * 3_600_000;
  for (const [knownUntil, said] of [
    [0, /knownUntil: .*got 0|knownUntil: too small/i],
    [earlier, `knownUntil: expected ${head.knownUntil} as in its dataset, got ${earlier}`],
  ] as const) {
    await writeSealed(lying, { magic, name: "" }, { ...head, knownUntil }, [body]);
    await expect(predict({ ...asked, model: lying })).rejects.toThrow(said);
  }
  new DataView(body.buffer, body.byteOffset).setFloat32(4 * 7, Number.NaN, true);
  await writeSealed(lying, { magic, name: "" }, head, [body]);
  await expect(predict({ ...asked, model: lying })).rejects.toThrow(
    "lying.model: parameters[7]: expected a finite number, got NaN",
  );
});

test("a dataset of an earlier version is told from another kind of file", async () => {
  writeFileSync(file("old.dataset"), "vitrade dataset 1\n{}\n");
  await expect(readDataset(file("old.dataset"))).rejects.toThrow(
    "got one of version 1, which this version does not read",
  );
  writeFileSync(file("empty.dataset"), "");
  await expect(readDataset(file("empty.dataset"))).rejects.toThrow(
    "empty.dataset: expected a dataset of vitrade prepare, got an empty file",
  );
});
