/** prepare → train → predict → backtest as processes: the numbers are the library's own. */
import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readModel } from "../../lib/cli/tasks/fits/modelFile.js";
import { readDataset } from "../../lib/cli/tasks/sources/datasetFile.js";
import { dataOf, prepareWindows } from "../../lib/cli/tasks/sources/windows.js";
import { fold, key } from "../../lib/core/random.js";
import { sliceBars } from "../../lib/market/bars.js";
import { openMarket } from "../../lib/market/open.js";
import { marketConfig, marketVaeOf, trainingOf } from "../../lib/models/marketVae/marketConfig.js";
import { marketForecast } from "../../lib/models/marketVae/marketForecast.js";
import { encodeRows } from "../../lib/models/vae/latents.js";
import { startBackend } from "../../lib/nn/backend.js";
import { loadFit } from "../../lib/nn/training/fit.js";
import { train } from "../../lib/nn/training/train.js";
import { backtest } from "../../lib/trading/backtest/backtest.js";
import { BYBIT_FEES } from "../../lib/trading/backtest/costs.js";
import { heldWeights } from "../../lib/trading/decisions/decisions.js";
import { summarise } from "../../lib/trading/performance/summary.js";
import { compileProgram, type Program } from "./program.js";

const SETTINGS = `
seed: commands
model: { latentDim: 4, hidden: [16], headWidth: 8 }
training: { epochs: 4, warmUpEpochs: 2, batchSize: 64, learningRate: 0.003 }
data: { sequenceLength: 24, predictionHorizon: 4 }
`;
const symbols = ["BTCUSDT", "ETHUSDT"];

interface Row {
  symbol: string;
  decidedAt: string;
  mean: number;
  aleatoric: number;
  latent: number;
  epistemic: number;
  bear: number;
  sideways: number;
  bull: number;
  probabilityUp: number;
  seen: boolean;
}

let program: Program;

async function json<T>(...words: string[]): Promise<T> {
  const { code, out, err } = await program.run(...words, "--json");
  expect({ code }, err).toEqual({ code: 0 });
  return JSON.parse(out) as T;
}

const from = "--market simulated --symbols BTCUSDT,ETHUSDT --seed 7 --config settings.yaml".split(" ");

beforeAll(async () => {
  await startBackend("wasm");
  program = compileProgram();
  program.write("settings.yaml", SETTINGS);
  await json("prepare", ...from, "--bars", "1600", "--out", "sim.dataset");
  await json(..."train --data sim.dataset --config settings.yaml --out sim.model --replicas 2".split(" "));
});

afterAll(() => program.remove());

const predictions = "predict --model sim.model --data sim.dataset".split(" ");

test("a dataset holds the market's bars bit for bit, and its report counts what is there", async () => {
  const report = await json<{ parts: { part: string; windows: number }[]; leftOut: number; bars: object[] }>(
    ...["prepare", ...from, "--bars", "1600", "--out", "again.dataset"],
  );
  const market = await openMarket({ folder: "simulated", symbols, bars: 1600, key: key(7) });
  const stored = await readDataset(program.file("again.dataset"));
  expect(stored.bars).toEqual(market.bars);
  expect(readFileSync(program.file("again.dataset"))).toEqual(readFileSync(program.file("sim.dataset")));
  const prepared = prepareWindows(stored);
  const counted = report.parts.map(({ windows }) => windows);
  expect(counted).toEqual([
    prepared.split.train.length,
    prepared.split.validation.length,
    prepared.split.test.length,
  ]);
  expect(counted.reduce((a, b) => a + b, report.leftOut)).toBe(prepared.windows.y.length);
  expect(report.bars).toMatchObject([{ symbol: "BTCUSDT", rows: 1600, missing: 0, gaps: 0 }, {}]);
});

test("the trained weights are those of the library's own training, bit for bit", async () => {
  // VI-104, VI-107
  const prepared = prepareWindows(await readDataset(program.file("sim.dataset")));
  const inputDim = prepared.columns.length;
  const plain = marketConfig(SETTINGS);
  const config = marketConfig({ ...plain, model: { ...plain.model, inputDim } });
  const model = marketVaeOf(config);
  const data = dataOf(prepared, prepared.split.train);
  const options = { ...trainingOf(config, { rows: data.rows, replicas: 2 }) };
  const fit = await train(model, data, {
    ...options,
    validation: dataOf(prepared, prepared.split.validation),
  });
  const stored = await loadFit(program.file("sim.model"), model);
  expect(stored.weights).toEqual(fit.weights);
  expect(stored.bestElbo).toEqual(fit.bestElbo);
  expect(fit.history.at(-1)!.nll[0]!).toBeLessThan(fit.history[0]!.nll[0]!);
});

test("forecasts are the library's, in returns, of times that the model has not seen", async () => {
  const found = await json<{ knownUntil: string; rows: Row[] }>(...predictions);
  expect(found.rows.every((row) => row.decidedAt >= found.knownUntil && !row.seen)).toBe(true);
  for (const { bear, sideways, bull, aleatoric, epistemic, latent } of found.rows) {
    expect(bear + sideways + bull).toBeCloseTo(1, 5);
    expect(Math.min(aleatoric, latent, epistemic)).toBeGreaterThan(0);
  }
  const own = await readModel(program.file("sim.model"));
  if (own.family !== "vae") throw new Error(`expected a VAE, got ${own.family}`);
  const { model, fit, scaler, targetScaler } = own;
  const prepared = prepareWindows(await readDataset(program.file("sim.dataset")));
  const test = dataOf({ ...prepared, scaler, targetScaler }, prepared.split.test);
  const codes = encodeRows(model, fit.weights, test.x);
  const many = { draws: 400, key: fold(key("other draws"), 1) };
  const says = marketForecast(model, fit.weights, codes, many);
  let compared = 0;
  for (const [i, n] of prepared.split.test.entries()) {
    const time = new Date(prepared.windows.decidedAt[n]!).toISOString().slice(0, 16);
    const symbol = symbols[prepared.windows.asset[n]!]!;
    const row = found.rows.find((r) => r.symbol === symbol && r.decidedAt.startsWith(time));
    if (!row) continue;
    compared++;
    const sd = targetScaler.deviation[0];
    expect(Math.abs(row.mean - (says.mean[i]! * sd + targetScaler.mean[0]))).toBeLessThan(0.03 * sd);
    expect(row.aleatoric / (says.aleatoric[i]! * sd * sd)).toBeCloseTo(1, 1);
  }
  expect(compared).toBeGreaterThan(50);
});

test("the same seed gives the same bytes, another seed other draws, --latest one row a symbol", async () => {
  const [one, two, other] = await Promise.all([
    program.run(...predictions),
    program.run(...predictions),
    program.run(...predictions, "--seed", "5"),
  ]);
  expect(one.code).toBe(0);
  expect(one.out).toBe(two.out);
  expect(other.out).not.toBe(one.out);
  expect(one.out.split("\n")[0]).toMatch(/^symbol,decidedAt,mean,aleatoric,latent,epistemic,/);
  const latest = await json<{ rows: Row[] }>(...predictions, "--latest");
  expect(latest.rows.map((row) => row.symbol)).toEqual(symbols);
  const stored = await readDataset(program.file("sim.dataset"));
  const end = stored.bars[0]!.openTime.at(-1)! + stored.bars[0]!.stepMs;
  expect(latest.rows.map((row) => Date.parse(row.decidedAt))).toEqual([end, end]);
});

test("later bars change no forecast of earlier times", async () => {
  await json("prepare", ...from, "--bars", "1700", "--out", "longer.dataset");
  const before = await json<{ rows: Row[] }>(...predictions, "--every", "1");
  const after = await json<{ rows: Row[] }>(
    ..."predict --model sim.model --data longer.dataset --every 1".split(" "),
  );
  expect(after.rows.length).toBeGreaterThan(before.rows.length);
  const strip = ({ mean, probabilityUp, ...row }: Row) => ({ symbol: row.symbol, at: row.decidedAt });
  expect(after.rows.slice(0, before.rows.length).map(strip)).toEqual(before.rows.map(strip));
  before.rows.forEach((row, i) => {
    expect(after.rows[i]!.mean).toBe(row.mean);
  });
});

test("the backtest is the library's: same ledger, same Sharpe ratio, and costs are told", async () => {
  const made = await program.run(...predictions, "--out", "forecasts.json");
  expect(made).toMatchObject({ code: 0, err: "" });
  const { rows } = JSON.parse(readFileSync(program.file("forecasts.json"), "utf8")) as { rows: Row[] };
  const words = "backtest --predictions forecasts.json --data sim.dataset --rule sign --cap 0.3".split(" ");
  interface Report {
    strategy: Record<string, number | null>;
    withoutCosts: { sharpe: number };
    buyAndHold: { sharpe: number };
    decisions: { LONG: number; SHORT: number; HOLD: number };
    rule: object;
    costOfTrading: { total: number; sharpe: number };
  }
  const report = await json<Report>(...words);
  const { bars: all } = await readDataset(program.file("sim.dataset"));
  const first = all[0]!.openTime.indexOf(Date.parse(rows[0]!.decidedAt) - all[0]!.stepMs);
  const bars = all.map((own) => sliceBars(own, first));
  const weights = heldWeights(
    {
      asset: rows.map((row) => symbols.indexOf(row.symbol)),
      decidedAt: rows.map((row) => Date.parse(row.decidedAt)),
      weight: rows.map((row) => 0.3 * Math.sign(row.mean)),
    },
    bars,
  );
  const costs = { ...BYBIT_FEES.linearPerpetual, halfSpreadBps: 0.5, latencyBars: 0 };
  const own = summarise(backtest(weights, bars, { costs, rebalance: "when changed" }));
  expect(report.strategy).toEqual(JSON.parse(JSON.stringify(own)));
  expect(report.decisions.LONG + report.decisions.SHORT).toBe(rows.length);
  expect(report.rule).toMatchObject({ kind: "sign", cap: 0.3 });
  expect(report.costOfTrading.total).toBeCloseTo(own.fees + own.spread, 12);
  expect(report.costOfTrading.sharpe).toBeCloseTo(report.withoutCosts.sharpe - own.sharpe, 12);
  expect(Number.isFinite(report.buyAndHold.sharpe)).toBe(true);
  const table = await program.run(...words);
  expect(table.out).toContain("sign: always on the side of the mean, at most 30.0 % of equity a symbol");
  expect(table.out).toMatch(/^account +sharpe +sharpeError/m);
  expect(table.out).toMatch(/^costs took \d+\.\d\d % of the capital/m);
});

test("forecasts on another grid than the live one say so in a line, and those on it do not", async () => {
  const backtestOf = async (...more: string[]) => {
    expect(await program.run(...predictions, ...more, "--out", "grid.json")).toMatchObject({ code: 0 });
    return program.run(..."backtest --predictions grid.json --data sim.dataset".split(" "));
  };
  const line =
    "decided every 2 bars; vitrade live decides every 4, the model's horizon, and trades otherwise\n";
  expect((await backtestOf("--every", "2")).out).toContain(line);
  expect((await backtestOf()).out).not.toContain("vitrade live");
});

test("the default cap is one over the number of the model's symbols, whatever others a dataset holds", async () => {
  const more = from.join(" ").replace("BTCUSDT,ETHUSDT", "BTCUSDT,ETHUSDT,SOLUSDT,BNBUSDT").split(" ");
  await json("prepare", ...more, "--bars", "1600", "--out", "four.dataset");
  const words = "predict --model sim.model --data four.dataset --out four.json".split(" ");
  expect(await program.run(...words)).toMatchObject({ code: 0 });
  expect(
    new Set(JSON.parse(readFileSync(program.file("four.json"), "utf8")).rows.map((r: Row) => r.symbol)).size,
  ).toBe(4);
  const report = await json<{ rule: object }>(
    ..."backtest --predictions four.json --data four.dataset".split(" "),
  );
  expect(report.rule).toMatchObject({ cap: 1 / 2 });
});

test("no trade at all is a result and no failure", async () => {
  await program.run(...predictions, "--out", "forecasts.json");
  const words = "backtest --predictions forecasts.json --data sim.dataset --edge 1000".split(" ");
  const report = await json<{ strategy: { trades: number; sharpe: null }; decisions: object }>(...words);
  expect(report.strategy).toMatchObject({ trades: 0, sharpe: null });
  expect((await program.run(...words)).code).toBe(0);
});

test("forecasts of what the model has seen are marked, and not traded unless asked for", async () => {
  const made = await program.run(...predictions, "--all", "--out", "all.json");
  expect(made.code).toBe(0);
  const words = "backtest --predictions all.json --data sim.dataset".split(" ");
  const refused = await program.run(...words);
  expect(refused).toMatchObject({ code: 1, out: "" });
  expect(refused.err).toMatch(/expected forecasts of times that the model has not seen, got \d+ of \d+/);
  expect(await json(...words, "--in-sample")).toMatchObject({ inSample: true });
});

test("another dataset, other columns, a damaged file: each is refused by its name", async () => {
  const bytes = readFileSync(program.file("sim.dataset"));
  bytes[bytes.length - 9]! ^= 1;
  writeFileSync(program.file("damaged.dataset"), bytes);
  await json("prepare", ...from, "--bars", "1500", "--out", "other.dataset");
  await program.run(...predictions, "--out", "forecasts.json");
  writeCsv("BTCUSDT", []);
  const csv = "prepare --market csv --symbols BTCUSDT --config settings.yaml --out csv.dataset".split(" ");
  await json(...csv);
  const refused: [line: string, code: number, said: string][] = [
    ["train --data damaged.dataset --out x.model", 1, "the file is damaged"],
    [
      "backtest --predictions forecasts.json --data other.dataset",
      1,
      "expected the dataset that forecasts.json was made of",
    ],
    [
      "backtest --predictions settings.yaml --data sim.dataset",
      1,
      "settings.yaml: expected the JSON of vitrade predict",
    ],
    ["predict --model sim.model --data csv.dataset", 1, "expected columns return, high, low"],
    [
      "train --data csv.dataset --config wide.yaml --out x.model",
      2,
      "wide.yaml: model.inputDim: expected 11 as in the dataset, got 64",
    ],
    [
      "prepare --market csv --symbols XRPUSDT --out x.dataset",
      1,
      "XRPUSDT: not in the folder csv, which holds BTCUSDT",
    ],
  ];
  program.write("wide.yaml", "model: { inputDim: 64 }\n");
  for (const [line, code, said] of refused) {
    const { err, ...outcome } = await program.run(...line.split(" "));
    expect(outcome, `${line}: ${err}`).toEqual({ code, out: "" });
    expect(err, line).toContain(said);
  }
});

test("holes in a folder's bars are counted, and no window reaches over one", async () => {
  writeCsv("BTCUSDT", [700, 701, 702, 1200]);
  const words = "prepare --market csv --symbols BTCUSDT --config settings.yaml --out holes.dataset".split(
    " ",
  );
  const report = await json<{ bars: object[]; cleaning: object[]; leftOut: number }>(...words);
  expect(report.bars).toMatchObject([{ symbol: "BTCUSDT", rows: 1596, missing: 4, gaps: 2 }]);
  expect(report.cleaning).toMatchObject([{ found: "missing", bars: 4 }]);
  const { windows } = prepareWindows(await readDataset(program.file("holes.dataset")));
  const hour = 3_600_000;
  const start = Date.UTC(2024, 0, 1);
  for (const decided of windows.decidedAt)
    for (const hole of [700, 1200])
      expect(decided - 24 * hour > start + hole * hour || decided + 4 * hour <= start + hole * hour).toBe(
        true,
      );
});

/** 1,600 hours of a symbol as SYMBOL.csv.gz in the folder csv, without some. */
function writeCsv(symbol: string, without: readonly number[]): void {
  const lines = csvLines.filter((_, t) => !without.includes(t));
  const text = ["timestamp,open,high,low,close,volume", ...lines].join("\n");
  program.write(`csv/${symbol}.csv.gz`, gzipSync(`${text}\n`));
}

let csvLines: string[];

beforeAll(async () => {
  const { bars } = await openMarket({ folder: "simulated", symbols: ["BTCUSDT"], bars: 1600, key: key(9) });
  const { openTime, open, high, low, close, volume } = bars[0]!;
  csvLines = Array.from(openTime, (time, t) =>
    [time, open[t], high[t], low[t], close[t], volume[t]].join(","),
  );
});
