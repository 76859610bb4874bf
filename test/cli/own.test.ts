/** Own strategies and features by the path of a module, the families of `vitrade train`, and its presets, as processes. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readModel } from "../../lib/cli/tasks/fits/modelFile.js";
import { readDataset } from "../../lib/cli/tasks/sources/datasetFile.js";
import { readJournal } from "../../lib/live/journal/journal.js";
import { portfolioVae } from "../../lib/models/portfolioVae/portfolioVae.js";
import { startBackend } from "../../lib/nn/backend.js";
import { loadFit } from "../../lib/nn/training/fit.js";
import { compileProgram, type Program } from "./program.js";

const SETTINGS = `
model: { latentDim: 3, hidden: [12], headWidth: 8 }
training: { epochs: 3, warmUpEpochs: 1, batchSize: 64, learningRate: 0.003 }
data: { sequenceLength: 12, predictionHorizon: 4 }
`;

let program: Program;

async function json<T>(line: string): Promise<T> {
  const { code, out, err } = await program.run(...line.split(" "), "--json");
  expect({ code }, err).toEqual({ code: 0 });
  return JSON.parse(out) as T;
}

const from = "--symbols BTCUSDT,ETHUSDT --seed 7 --config settings.yaml --bars 2000 --no-flow";

const OWN_FEATURES = `
export default ({ openTime, stepMs, high, low, close }) => {
  const values = new Float64Array(2 * close.length);
  close.forEach((price, t) => {
    values[2 * t] = t > 0 ? Math.log(price / close[t - 1]) : NaN;
    values[2 * t + 1] = Math.log(high[t] / low[t]);
  });
  return { time: openTime.map((open) => open + stepMs), names: ["return", "range"], values };
};
`;

beforeAll(async () => {
  await startBackend("wasm");
  program = compileProgram();
  program.write("settings.yaml", SETTINGS);
  program.write("features.mjs", OWN_FEATURES);
  await json(`prepare ${from} --out sim.dataset`);
  await json("train --data sim.dataset --config settings.yaml --replicas 2 --out sim.model");
  await program.run(..."predict --model sim.model --data sim.dataset --out forecasts.json".split(" "));
}, 300_000);

afterAll(() => program.remove());

interface Backtest {
  strategy: { totalReturn: number };
  rule: { own?: string; cap: number };
  strategySha256?: string;
  decisions: Record<string, number>;
}
const backtest = "backtest --predictions forecasts.json --data sim.dataset";

test("a strategy that does what the sign rule does earns the same, to the bit, and its text is named", async () => {
  program.write("sign.mjs", "export default ({ mean }) => 0.3 * Math.sign(mean);\n");
  const own = await json<Backtest>(`${backtest} --strategy ./sign.mjs --cap 0.3`);
  const rule = await json<Backtest>(`${backtest} --rule sign --cap 0.3`);
  expect(own.strategy).toEqual(rule.strategy);
  expect(own.decisions).toEqual(rule.decisions);
  expect(own.rule).toMatchObject({ own: "./sign.mjs", cap: 0.3 });
  expect(own.strategySha256).toMatch(/^[0-9a-f]{64}$/);
  const table = await program.run(...`${backtest} --strategy ./sign.mjs`.split(" "));
  expect(table.out).toContain("own strategy of ./sign.mjs, at most 50.0 % of equity a symbol");
});

test("a strategy is cut to the cap", async () => {
  program.write("greedy.mjs", "export default ({ mean }) => 50 * Math.sign(mean);\n");
  const greedy = await json<Backtest>(`${backtest} --strategy ./greedy.mjs --cap 0.3`);
  const rule = await json<Backtest>(`${backtest} --rule sign --cap 0.3`);
  expect(greedy.strategy).toEqual(rule.strategy);
});

test("a strategy that remembers, draws at random, or returns no number is refused by symbol and time", async () => {
  const refused: [name: string, text: string, said: RegExp][] = [
    [
      "remembers.mjs",
      "let last = 0; export default ({ mean }) => { const w = last; last = Math.sign(mean); return 0.1 * w; };",
      /remembers\.mjs: expected a weight that depends on its row alone, got .* for (BTC|ETH)USDT at \d{4}/,
    ],
    ["random.mjs", "export default () => Math.random();", /depends on its row alone/],
    [
      "words.mjs",
      "export default () => 'long';",
      /words\.mjs: expected a weight for BTCUSDT at .*, got long/,
    ],
    ["none.mjs", "export const weight = () => 1;", /none\.mjs: expected a default export that is a function/],
    ["broken.mjs", "export default (", /broken\.mjs: expected a module of JavaScript/],
  ];
  for (const [name, text, said] of refused) {
    program.write(name, `${text}\n`);
    const { code, err } = await program.run(...`${backtest} --strategy ./${name}`.split(" "));
    expect({ name, code }).toEqual({ name, code: 1 });
    expect(err).toMatch(said);
  }
  const both = await program.run(...`${backtest} --strategy ./sign.mjs --kelly 0.5`.split(" "));
  expect(both).toMatchObject({ code: 2 });
  expect((await program.run(...`${backtest} --strategy ./nowhere.mjs`.split(" "))).code).toBe(1);
});

test("own features are what a model is trained on and predicts with; the model keeps who made them", async () => {
  await json(`prepare ${from} --features ./features.mjs --out own.dataset`);
  const stored = await readDataset(program.file("own.dataset"));
  expect(stored.own).toMatchObject({ file: "./features.mjs" });
  const { close, high, low } = stored.bars[1]!;
  const panel = stored.own!.panels[1]!;
  expect(panel.names).toEqual(["return", "range"]);
  expect(panel.values[2 * 700]).toBe(Math.log(close[700]! / close[699]!));
  expect(panel.values[2 * 700 + 1]).toBe(Math.log(high[700]! / low[700]!));
  await json("train --data own.dataset --config settings.yaml --replicas 1 --out own.model");
  expect((await readModel(program.file("own.model"))).columns).toEqual(["return", "range"]);
  const { rows } = await json<{ rows: object[] }>("predict --model own.model --data own.dataset");
  expect(rows.length).toBeGreaterThan(50);
  expect((await readModel(program.file("own.model"))).features).toEqual({
    ...{ file: "./features.mjs", sha256: stored.own!.sha256, flow: [[], []], holes: false },
  });
});

test("own features that look ahead are refused by name, symbol and time, and nothing is written", async () => {
  program.write(
    "ahead.mjs",
    OWN_FEATURES.replace("high[t] / low[t]", "(close[t + 1] ?? close[t]) / close[t]"),
  );
  const { code, err } = await program.run(
    ...`prepare ${from} --features ./ahead.mjs --out no.dataset`.split(" "),
  );
  expect(code).toBe(1);
  expect(err).toMatch(
    /ahead\.mjs: BTCUSDT: features: expected "range" of BTCUSDT at \d{4}.* to depend on bars up to then alone/,
  );
  await expect(readDataset(program.file("no.dataset"))).rejects.toThrow();
  program.write(
    "short.mjs",
    "export default () => ({ names: ['a'], time: [], values: new Float64Array(3) });\n",
  );
  const short = await program.run(...`prepare ${from} --features ./short.mjs --out no.dataset`.split(" "));
  expect(short.err).toContain("expected 2000 rows of 1 features as a Float64Array, got 3");
});

// BN-89
test("a Bayesian network is trained, predicts with its weights' uncertainty, is backtested and lives as it predicts", async () => {
  const report = await json<{ loss: { first: number; last: number } }>(
    "train --data sim.dataset --family bnn --config settings.yaml --replicas 1 --out bnn.model",
  );
  expect(report.loss.last).toBeLessThan(report.loss.first);
  const own = await readModel(program.file("bnn.model"));
  expect(own.family).toBe("bnn");
  await json(`prepare ${from.replace("2000", "2100")} --out longer.dataset`);
  interface Row {
    symbol: string;
    decidedAt: string;
    latent: number;
    epistemic: number;
    probabilityUp: number;
  }
  const { rows } = await json<{ rows: Row[] }>(
    "predict --model bnn.model --data longer.dataset --draws 50 --seed 7",
  );
  expect(rows.every(({ latent, epistemic }) => latent === 0 && epistemic > 0)).toBe(true);
  expect(rows[0]).not.toHaveProperty("bear");
  const lived = await program.run(
    ..."live --model bnn.model --journal bnn.journal --bars 24 --draws 50 --seed 7 --json".split(" "),
  );
  expect(lived.code, lived.err).toBe(0);
  let steps = 0;
  for await (const { record } of readJournal(program.file("bnn.journal")))
    if ((record as { kind: string }).kind === "step") steps++;
  expect(steps).toBe(24);
  const lines = lived.out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  let compared = 0;
  for (const { kind, signals, time } of lines)
    if (kind === "decision")
      for (const { symbol, probability } of signals) {
        const row = rows.find((one) => one.symbol === symbol && one.decidedAt === time)!;
        expect(probability).toBe(row.probabilityUp);
        compared++;
      }
  expect(compared).toBe(12);
  await program.run(..."predict --model bnn.model --data sim.dataset --out bnn.json".split(" "));
  expect(await json("backtest --predictions bnn.json --data sim.dataset")).toHaveProperty("strategy");
});

test("a factor model writes its loadings, and a generator of portfolios the weights that the library loads", async () => {
  const factor = await json<{ loadings: number[][]; factors: object[] }>(
    "train --data sim.dataset --family factor --factors 1 --out factor.json",
  );
  expect(factor.loadings.map((row) => row.length)).toEqual([1, 1]);
  const stored = JSON.parse(readFileSync(program.file("factor.json"), "utf8"));
  expect(stored).toMatchObject({
    kind: "vitrade factor model 1",
    symbols: ["BTCUSDT", "ETHUSDT"],
    loadings: factor.loadings,
  });
  const portfolio = await json<{ loss: { first: number; last: number }; latents: number }>(
    "train --data sim.dataset --family portfolio --preset quick --out portfolio.model",
  );
  expect(portfolio.loss.last).toBeLessThan(portfolio.loss.first);
  const likelihood = { kind: "simplex", lots: 1000, concentration: "learned" } as const;
  const model = portfolioVae({ assets: 2, latents: portfolio.latents, likelihood });
  const fit = await loadFit(program.file("portfolio.model"), model);
  expect(fit.weights.parameters.every(Number.isFinite)).toBe(true);
  const refused = await program.run(
    ..."train --data sim.dataset --family factor --replicas 2 --out x".split(" "),
  );
  expect(refused).toMatchObject({ code: 2 });
});

test("a preset sets what the file does not, and a dry run says how long the training would take", async () => {
  const plan = await json<{ epochs: number; replicas: number }>(
    "train --data sim.dataset --preset quick --dry-run --out x.model",
  );
  expect(plan).toMatchObject({ epochs: 15, replicas: 2 });
  const mixed = await json<{ epochs: number; parameters: number }>(
    "train --data sim.dataset --preset quick --config settings.yaml --replicas 1 --dry-run --out x.model",
  );
  expect(mixed).toMatchObject({ epochs: 3, replicas: 1 });
});
