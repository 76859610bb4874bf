/** Forecasts of a pipeline along bars. */
import { memory } from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { dataset } from "../../../lib/features/windows/dataset.js";
import { forecastsAlong } from "../../../lib/live/pipeline/forecastsAlong.js";
import { decideAll } from "../../../lib/live/pipeline/history.js";
import { withPipeline } from "../../../lib/live/pipeline/withPipeline.js";
import { sliceBars } from "../../../lib/market/index.js";
import { bnn, train } from "../../../lib/models/study/index.js";
import { first, market, networkForecaster, pipelineOptions, root, symbols } from "../support/pipelines.js";

test("there is one forecast for each decision that drew, at its time and with the names of its symbols", () => {
  const options = pipelineOptions(networkForecaster(), { every: 4 });
  const bars = market.map((b) => sliceBars(b, 0, 160));
  const forecasts = forecastsAlong(options, bars);
  const drew = decideAll(options, bars).filter(({ drawn }) => drawn.some(Boolean));
  expect(forecasts.length).toBeGreaterThan(10);
  expect(forecasts.map(({ decidedAt }) => decidedAt[0])).toEqual(drew.map(({ time }) => time));
  expect(forecasts.at(-1)!.names).toEqual(symbols);
});

test("tomorrow's bars do not change today's forecast", () => {
  const options = pipelineOptions(networkForecaster());
  const short = forecastsAlong(
    options,
    market.map((b) => sliceBars(b, 0, 120)),
  );
  const long = forecastsAlong(
    options,
    market.map((b) => sliceBars(b, 0, 140)),
  );
  expect(long.length).toBe(short.length + 20);
  expect(long[short.length - 1]!.mean).toEqual(short.at(-1)!.mean);
});

test("a pipeline is disposed of once it has been used, also when its user throws", async () => {
  const bars = market.map((b) => sliceBars(b, 0, 160));
  const data = dataset(bars, { length: 5, horizon: 2 });
  const fit = await train(bnn({ data, hidden: [4] }), data, { epochs: 1, key: root });
  const options = { stepMs: first.stepMs, rules: { maxWeight: 1 }, draws: 3, key: root, now: () => 0 };
  const before = memory().numTensors;
  const count = withPipeline(fit, options, (pipeline) => forecastsAlong(pipeline, bars).length);
  expect(count).toBeGreaterThan(10);
  expect(() =>
    withPipeline(fit, options, () => {
      throw new Error("stop");
    }),
  ).toThrow(/stop/);
  expect(memory().numTensors).toBe(before);
});
