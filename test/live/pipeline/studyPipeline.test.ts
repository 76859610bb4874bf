/** The pipeline of a study says what the study says of the same windows. */
import { expect, test } from "vitest";
import type { ForecastRow } from "../../../lib/core/index.js";
import { forecastRows, key } from "../../../lib/core/index.js";
import { dataset } from "../../../lib/features/windows/dataset.js";
import { studyRun } from "../../../lib/live/compareRun.js";
import { decisionReadings } from "../../../lib/live/latency.js";
import { decideAll } from "../../../lib/live/pipeline/history.js";
import { studyPipeline } from "../../../lib/live/pipeline/studyPipeline.js";
import { candlesOnly } from "../../../lib/market/candlesOnly.js";
import { simulate } from "../../../lib/market/simulate/simulate.js";
import { bnn, plain, train, vae } from "../../../lib/models/study/index.js";
import { NO_COSTS } from "../../../lib/trading/index.js";

const root = key("study pipeline");
const symbols = ["BTCUSDT", "ETHUSDT"];
const bars = candlesOnly(simulate({ symbols, bars: 400, key: root }).bars);
const data = dataset(bars, { length: 5, horizon: 2 });
const { stepMs } = bars[0]!;
const rules = { position: { kind: "fixed", weight: 0.1 }, maxWeight: 1 } as const;
const settings = { rules, stepMs, key: root, now: () => 0, draws: 20 };

/** What the pipeline predicts of the rows of the test part, in its order. */
function liveRows(options: ReturnType<typeof studyPipeline>): ForecastRow[] {
  const rows = new Map<string, ForecastRow>();
  decideAll(
    {
      ...options,
      onForecast: (forecast) => {
        for (const [n, row] of forecastRows(forecast).entries())
          rows.set(`${forecast.decidedAt[n]} ${forecast.asset[n]}`, row);
      },
    },
    bars,
  );
  const { decidedAt, asset } = data.test;
  return Array.from(decidedAt, (time, n) => rows.get(`${time} ${asset[n]}`)!);
}

test("a VAE draws the same latent vectors live as in the study", async () => {
  const model = vae({ data, latent: 2, hidden: [8] });
  const fit = await train(model, data, { epochs: 1, key: root });
  const options = studyPipeline(fit, settings);
  const studied = forecastRows(fit.predict(data.test, { draws: 20, key: root }));
  const live = liveRows(options);
  options.forecaster.dispose();
  expect(live).toHaveLength(studied.length);
  live.forEach((row, n) => {
    expect(row.mean / studied[n]!.mean).toBeCloseTo(1, 3);
    expect(row.aleatoric / studied[n]!.aleatoric).toBeCloseTo(1, 3);
  });
});

test.each(["kept", "fresh"] as const)(
  "a Bayesian network with %s draws predicts as the study, up to the draws",
  async (posterior) => {
    const fit = await train(bnn({ data, hidden: [8] }), data, { epochs: 2, key: root });
    const options = studyPipeline(fit, { ...settings, draws: 100, posterior });
    const studied = forecastRows(fit.predict(data.test, { draws: 400 }));
    const live = liveRows(options);
    options.forecaster.dispose();
    const deviations = live.map((row, n) => (row.mean - studied[n]!.mean) / Math.sqrt(row.epistemic / 100));
    const large = deviations.filter((d) => Math.abs(d) > 4);
    expect(large.length / live.length).toBeLessThan(0.05);
  },
);

test("the study of a run is the end of that of all bars, and each of its decisions is timed", async () => {
  const fit = await train(bnn({ data, hidden: [8] }), data, { epochs: 1, key: root });
  const options = studyPipeline(fit, settings);
  const account = { costs: NO_COSTS, capital: 1, rebalance: "when changed" } as const;
  const { decisions, ledger } = studyRun(options, { bars, from: 300, count: 50, account });
  expect(decisions.map(({ time }) => time)).toEqual(Array.from(ledger.time));
  expect(ledger.time[0]).toBe(bars[0]!.openTime[301]);
  expect(decisions.every(({ targets }) => Math.abs(targets[0]!) === 0.1)).toBe(true);
  expect(() => studyRun(options, { bars, from: 20, count: 50, account })).toThrow(
    /from: expected a bar from/,
  );
  expect(decisionReadings(options, bars).length).toBe(
    400 - decideAll(options, bars).findIndex(({ readings }) => readings.draws !== undefined),
  );
  options.forecaster.dispose();
});

test("a model that draws nothing is refused, and so are other features", async () => {
  const fit = await train(plain({ data }), data, { epochs: 1, key: root });
  expect(() => studyPipeline(fit, settings)).toThrow(/models.bnn or models.vae/);
  const other = { ...fit, data: { ...data, columns: ["price"] } };
  expect(() => studyPipeline(other, settings)).toThrow(/expected those of marketInput, got price/);
});
