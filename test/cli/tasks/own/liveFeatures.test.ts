/** The decision maker of own features, in this process: what its function is given depends on the last bars and on nothing else. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makerOf } from "../../../../lib/cli/tasks/fits/maker.js";
import { type MarketModel, readModel } from "../../../../lib/cli/tasks/fits/modelFile.js";
import { train } from "../../../../lib/cli/tasks/fits/train.js";
import { beyondHistory, beyondWarmUp } from "../../../../lib/cli/tasks/own/memory.js";
import { type FeatureModule, featureModule, originOf } from "../../../../lib/cli/tasks/own/ownFeatures.js";
import { settledRule } from "../../../../lib/cli/tasks/rule.js";
import { prepare } from "../../../../lib/cli/tasks/sources/prepare.js";
import { key } from "../../../../lib/core/random.js";
import type { Bars } from "../../../../lib/core/types.js";
import { barSteps } from "../../../../lib/live/pipeline/history.js";
import { simulate } from "../../../../lib/market/simulate/simulate.js";
import { NO_COSTS } from "../../../../lib/trading/backtest/costs.js";
import { BOUNDED, ENDLESS, FADING, panelOf } from "../../../features/support/panels.js";
import { silentShell } from "../../small.js";

const symbols = ["BTCUSDT", "ETHUSDT"];
const folder = mkdtempSync(join(tmpdir(), "vitrade-own-live-"));
const file = (name: string) => join(folder, name);
const LENGTH = 6;

let model: MarketModel;
let module: FeatureModule;

beforeAll(async () => {
  writeFileSync(
    file("own.mjs"),
    `export default ({ openTime, stepMs, high, low, close }) => ({
      time: openTime.map((open) => open + stepMs),
      names: ["return", "range"],
      values: Float64Array.from({ length: 2 * close.length }, (_, i) => {
        const t = Math.floor(i / 2);
        if (i % 2 === 1) return Math.log(high[t] / low[t]);
        return t > 0 && openTime[t] - openTime[t - 1] === stepMs ? Math.log(close[t] / close[t - 1]) : NaN;
      }),
    });\n`,
  );
  writeFileSync(
    file("settings.yaml"),
    `model: { latentDim: 2, hidden: [6], headWidth: 4 }
training: { epochs: 2, warmUpEpochs: 1, batchSize: 64, learningRate: 0.003 }
data: { sequenceLength: ${LENGTH}, predictionHorizon: 1 }\n`,
  );
  const market = { market: "simulated", symbols, seed: 7, bars: 500, interval: "60", category: "linear" };
  await prepare({
    source: market as never,
    settings: {
      ...{ sequenceLength: LENGTH, predictionHorizon: 1, stride: 1, threshold: 0.7 },
      fractions: { train: 0.6, validation: 0.2, test: 0.2 },
    },
    ...{ withoutFlow: true, out: file("own.dataset"), features: file("own.mjs") },
  });
  const paths = { data: file("own.dataset"), config: file("settings.yaml"), out: file("own.model") };
  await train({ ...paths, replicas: 1, fresh: true, backend: "wasm" }, silentShell);
  model = await readModel(file("own.model"));
  module = await featureModule(file("own.mjs"));
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The maker, and the bars that its function was given at each close of each symbol. */
function watched(past: number) {
  const given = new Map<string, readonly [first: number, count: number]>();
  const features = (bars: Bars) => {
    const { symbol, openTime, close } = bars;
    given.set(`${symbol} ${openTime.at(-1)}`, [openTime[0]!, close.length]);
    return module.features(bars);
  };
  const maker = makerOf(model, {
    features: { ...module, features },
    rule: settledRule({ kind: "sign", minEdgeMultiple: 1, epistemicPenalty: 1, kelly: 0.25 }, 2),
    ...{ costs: NO_COSTS, draws: 4, seed: 1, past, elapsed: () => 0 },
  });
  return { maker, given };
}

test("a maker that has learned its memory alone decides as one that lived from the start, gaps or none, of the same bars", () => {
  const { bars } = simulate({ symbols, bars: 1800, key: key(7) });
  const missing = (t: number) => t === 1200 || (t >= 1700 && t < 1703);
  const steps = barSteps(bars).map(({ time, bars: [btc, eth] }, t) => ({
    time,
    bars: [btc, missing(t) ? undefined : eth],
  }));
  const [begin, cut] = [400, 1690];
  const { maker: whole, given: all } = watched(begin);
  for (const step of steps.slice(0, begin)) whole.learn(step);
  const decided = steps.slice(begin).map((step) => whole.decide(step));
  expect(whole.warmUp).toBe(begin);
  const { maker: late, given: rest } = watched(begin);
  const memory = late.memory!;
  expect(memory).toBeLessThan(cut);
  for (const step of steps.slice(cut - memory, cut)) late.learn(step);
  const again = steps.slice(cut).map((step) => late.decide(step));
  expect(again.map(({ targets, signals }) => ({ targets, signals }))).toEqual(
    decided.slice(cut - begin).map(({ targets, signals }) => ({ targets, signals })),
  );
  expect(again.some(({ signals }) => signals[1])).toBe(true);
  const since = steps[cut - LENGTH]!.time;
  const compared = Array.from(rest).filter(([of]) => Number(of.split(" ")[1]) + model.stepMs > since);
  expect(compared.length).toBeGreaterThan(200);
  for (const [of, bars] of compared) expect(bars).toEqual(all.get(of));
  whole.dispose();
  late.dispose();
});

test("the rows that a dataset is tried at reach from the first that can show anything to the last", () => {
  const { bars } = simulate({ symbols, bars: 1000, key: key(7) });
  const tried = (count: number): number[] => {
    const own = bars.map(({ flow: _, ...rest }) => ({
      ...rest,
      ...{ openTime: rest.openTime.slice(0, count), close: rest.close.slice(0, count) },
    }));
    const ends: number[] = [];
    const of = panelOf({ hour: BOUNDED.hour! });
    const features = (given: Bars) => {
      if (given.symbol === "BTCUSDT") ends.push(own[0]!.openTime.indexOf(given.openTime.at(-1)!));
      return of(given);
    };
    const panels = own.map(of);
    expect(beyondHistory({ ...module, features }, { bars: own, panels, deviations: [1] })).toBeUndefined();
    return ends;
  };
  expect(tried(700)).toEqual([]);
  expect(tried(702)).toEqual([700, 701]);
  const many = tried(1000);
  expect(many).toHaveLength(64);
  expect(many.at(-1)).toBe(999);
  expect(many.every((t, i) => i === 0 || (t > many[i - 1]! && t - many[i - 1]! <= 5))).toBe(true);
});

test("few bars to begin with are enough to tell what never forgets from what rests on the last bars, or fades", () => {
  const { bars } = simulate({ symbols, bars: 160, key: key(7) });
  const { flow: _, ...own } = bars[0]!;
  const of = (columns: Parameters<typeof panelOf>[0]) => ({ ...module, features: panelOf(columns) });
  const { ema14, macd } = FADING;
  expect(
    beyondWarmUp(of({ ...BOUNDED, ema14: ema14!, macd: macd! }), own, new Array(8).fill(0.01)),
  ).toBeUndefined();
  for (const name of ["expandingMean", "onBalanceVolume", "index", "ema400"])
    expect(beyondWarmUp(of({ [name]: ENDLESS[name]! }), own, [0.01]), name).toMatch(
      new RegExp(`^"${name}" of BTCUSDT at \\S+ is \\S+ from all bars and \\S+ from the last 159$`),
    );
});

test("a model keeps which flow each symbol had, and whether missing bars were rows of NaN", () => {
  const { bars } = simulate({ symbols, bars: 20, key: key(7) });
  const [btc, { flow: _, ...eth }] = bars as [Bars, Bars];
  const hole = eth.close.map((price, t) => (t === 5 ? Number.NaN : price));
  const own = { file: "own.mjs", sha256: module.sha256, panels: [] };
  expect(originOf(own, [btc, { ...eth, close: hole }])).toEqual({
    ...{ file: "own.mjs", sha256: module.sha256, holes: true },
    flow: [["buyVolume", "sellVolume", "bid", "ask", "bidSize", "askSize"], []],
  });
  expect(originOf(own, [btc, eth])).toMatchObject({ holes: false });
  const deep = { ...btc, flow: { ...btc.flow!, bidDepth: btc.flow!.bidSize, askDepth: btc.flow!.askSize } };
  expect(originOf(own, [deep, eth]).flow[0]).toContain("askDepth");
});
