/** A recording on disk: whole files of days, the same again after any kill, and read by every door to a market. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { readSource } from "../../../lib/cli/tasks/sources/source.js";
import { fold, key, uniforms } from "../../../lib/core/random.js";
import { dataset } from "../../../lib/features/windows/dataset.js";
import { marketInput } from "../../../lib/features/windows/inputs/marketInput.js";
import { barsOfCandles } from "../../../lib/market/flow/flowBars.js";
import type { FlowCandle } from "../../../lib/market/flow/flowMeter.js";
import { openRecorder, readRecorded } from "../../../lib/market/flow/recorder.js";
import { openMarket } from "../../../lib/market/open.js";
import { simulate } from "../../../lib/market/simulate/simulate.js";
import { killedChild } from "../../support/killedChild.js";
import { compileMarket } from "../storeCompiled.js";
import { temporaryFolder } from "../storeFixtures.js";

const HOUR = 3_600_000;
const START = Date.UTC(2024, 2, 1, 20);
const symbols = ["BTCUSDT", "ETHUSDT"];
const { bars: market } = simulate({ symbols, bars: 700, key: key("recorded"), stepMs: HOUR, start: START });

/** The candles of a symbol with their flow; every tenth has none, as after a drop. */
function candlesOf(symbol: string, count: number): FlowCandle[] {
  const { openTime, open, high, low, close, volume, flow } = market.find((own) => own.symbol === symbol)!;
  const { buyVolume, sellVolume, bid, ask, bidSize, askSize } = flow!;
  return Array.from({ length: count }, (_, t) => ({
    ...{
      time: openTime[t]!,
      open: open[t]!,
      high: high[t]!,
      low: low[t]!,
      close: close[t]!,
      volume: volume[t]!,
    },
    ...(t % 10 === 3
      ? {}
      : {
          ...{ buyVolume: buyVolume[t]!, sellVolume: sellVolume[t]!, bid: bid[t]!, ask: ask[t]! },
          ...{
            bidSize: bidSize[t]!,
            askSize: askSize[t]!,
            bidDepth: 5 * bidSize[t]!,
            askDepth: 4 * askSize[t]!,
          },
        }),
  }));
}

async function recorded(folder: string, from: number, to: number, keepDays?: number) {
  const recorder = await openRecorder({ folder, symbols, interval: "60", keepDays });
  const candles = new Map(symbols.map((symbol) => [symbol, candlesOf(symbol, to)]));
  for (let t = from; t < to; t++) {
    for (const [symbol, own] of candles) await recorder.add(symbol, own[t]!);
    if (t % 5 === 0) await recorder.flush();
  }
  await recorder.close();
  return recorder;
}

const filesOf = (folder: string, symbol = "BTCUSDT") =>
  readdirSync(join(folder, "recorded/linear", symbol, "60")).sort();

test("what was recorded is read bit for bit, a file a day, in one run or in several", async () => {
  const [one, several] = [temporaryFolder(), temporaryFolder()];
  await recorded(one, 0, 60);
  for (const [from, to] of [
    [0, 7],
    [3, 30],
    [30, 60],
  ] as const)
    await recorded(several, from, to); // what is there already is passed over
  expect(filesOf(one)).toEqual(
    ["2024-03-01", "2024-03-02", "2024-03-03", "2024-03-04"].map((d) => `${d}.parquet`),
  );
  for (const symbol of symbols) {
    const truth = barsOfCandles(symbol, HOUR, candlesOf(symbol, 60));
    for (const folder of [one, several]) expect(await readRecorded(folder, [symbol], "60")).toEqual([truth]);
  }
  for (const file of filesOf(one)) {
    const bytes = (folder: string) => readFileSync(join(folder, "recorded/linear/BTCUSDT/60", file));
    expect(bytes(several)).toEqual(bytes(one));
  }
});

test("a run that goes on asks for the first candle that is not there, and says what it added", async () => {
  const folder = temporaryFolder();
  const first = await recorded(folder, 0, 25);
  expect(first.since).toEqual({});
  expect(first.rows()[0]).toEqual({ symbol: "BTCUSDT", added: 25, tapes: 22, quotes: 22, files: 2 });
  const second = await recorded(folder, 25, 30);
  expect(second.since).toEqual({ BTCUSDT: START + 25 * HOUR, ETHUSDT: START + 25 * HOUR });
  expect(second.rows()[0]).toMatchObject({ added: 5, files: 3 });
});

test("only as many days are kept as were asked for, and never fewer", async () => {
  const folder = temporaryFolder();
  await recorded(folder, 0, 200, 3);
  expect(filesOf(folder)).toEqual(["2024-03-08.parquet", "2024-03-09.parquet", "2024-03-10.parquet"]);
  expect((await readRecorded(folder, ["BTCUSDT"], "60"))[0]!.openTime.at(-1)).toBe(START + 199 * HOUR);
});

test("one process at a time records in a folder", async () => {
  const folder = temporaryFolder();
  const recorder = await openRecorder({ folder, symbols, interval: "60" });
  await expect(openRecorder({ folder, symbols, interval: "60" })).rejects.toThrow(/is writing there/);
  await recorder.close();
});

test("a damaged file is named by who reads it, and put aside by who records on", async () => {
  const folder = temporaryFolder();
  await recorded(folder, 0, 30);
  const path = join(folder, "recorded/linear/BTCUSDT/60/2024-03-03.parquet");
  const bytes = readFileSync(path);
  bytes[40]! ^= 1;
  writeFileSync(path, bytes);
  await expect(readRecorded(folder, ["BTCUSDT"], "60")).rejects.toThrow(/2024-03-03.*damaged/);
  const recorder = await openRecorder({ folder, symbols, interval: "60" });
  expect(recorder.damaged).toEqual([expect.stringContaining("2024-03-03")]);
  expect(recorder.since.BTCUSDT).toBe(Date.UTC(2024, 2, 3));
  await recorder.close();
  expect(existsSync(`${path}.damaged`)).toBe(true);
});

test("what is not recorded is refused with the command that records it", async () => {
  const folder = temporaryFolder();
  await recorded(folder, 0, 30);
  await expect(readRecorded(folder, ["XRPUSDT"], "60")).rejects.toThrow(
    /npx vitrade record --symbols XRPUSDT --interval 60 --folder/,
  );
});

test("market.open and prepare take a recording with its flow, and datasets are made of it", async () => {
  const folder = temporaryFolder();
  const whole = await openRecorder({ folder, symbols, interval: "60" });
  for (const symbol of symbols)
    for (const candle of candlesOf(symbol, 700)) {
      const sound = candle.buyVolume === undefined ? { ...candle, ...flowAt(symbol, candle.time) } : candle;
      await whole.add(symbol, sound);
    }
  await whole.close();
  const market2 = await openMarket({ folder, symbols, say: () => undefined });
  expect(market2).toMatchObject({ source: "Bybit", simulated: false, stepMs: HOUR, symbols });
  const source = await readSource({ market: folder, symbols, interval: "60", seed: 1 });
  expect(source.name).toContain("recorded");
  for (const bars of [market2.bars[0]!, source.bars[0]!]) {
    expect(marketInput(bars).names).toContain("tradeImbalance20");
    expect(bars.flow!.bidSize).toEqual(market[0]!.flow!.bidSize);
  }
  const data = dataset(market2, { length: 12, horizon: 3 });
  expect(data.train.rows).toBeGreaterThan(50);
});

function flowAt(symbol: string, time: number) {
  const { openTime, flow } = market.find((own) => own.symbol === symbol)!;
  const t = openTime.indexOf(time);
  const { buyVolume, sellVolume, bid, ask, bidSize, askSize } = flow!;
  return {
    ...{ buyVolume: buyVolume[t]!, sellVolume: sellVolume[t]!, bid: bid[t]!, ask: ask[t]! },
    ...{ bidSize: bidSize[t]!, askSize: askSize[t]!, bidDepth: 1, askDepth: 1 },
  };
}

/** Adds the candles of candles.json that are not there yet, and writes after each. */
const CHILD = `
const [folder] = process.argv.slice(2);
const { openRecorder } = require("./market/flow/recorder.js");
const candles = JSON.parse(require("node:fs").readFileSync(__dirname + "/candles.json", "utf8"));
openRecorder({ folder, symbols: ["BTCUSDT"], interval: "60" }).then(async (recorder) => {
  const { BTCUSDT: since = 0 } = recorder.since;
  for (const candle of candles.filter(({ time }) => time >= since)) {
    await recorder.add("BTCUSDT", candle);
    await recorder.flush();
    process.stdout.write("one more\\n");
  }
  await recorder.close();
});
`;

let library: string;

beforeAll(() => {
  library = temporaryFolder();
  compileMarket(library);
  writeFileSync(join(library, "candles.json"), JSON.stringify(candlesOf("BTCUSDT", 700)));
  writeFileSync(join(library, "child.js"), CHILD);
});

test("killed again and again at any moment, it records each candle once, and every file is whole", async () => {
  const folder = temporaryFolder();
  const truth = barsOfCandles("BTCUSDT", HOUR, candlesOf("BTCUSDT", 700));
  const delays = uniforms(fold(key("kills"), 1), 10).map((u) => 60 * u);
  let before = 0;
  let grew = 0;
  for (const delay of delays) {
    await killedChild([join(library, "child.js"), folder], delay);
    const [bars] = await readRecorded(folder, ["BTCUSDT"], "60").catch(() => []);
    const count = bars?.openTime.length ?? 0;
    if (bars) expect(bars).toEqual(barsOfCandles("BTCUSDT", HOUR, candlesOf("BTCUSDT", count)));
    expect(count).toBeGreaterThanOrEqual(before);
    if (count > before && count < 700) grew++;
    before = count;
  }
  expect(grew).toBeGreaterThan(1); // some kills came in the middle of the work
  await killedChild([join(library, "child.js"), folder], 60_000);
  expect(await readRecorded(folder, ["BTCUSDT"], "60")).toEqual([truth]);
  expect(filesOf(folder).every((name) => /^\d{4}-\d\d-\d\d\.parquet$/.test(name))).toBe(true);
}, 300_000);
