/** A factor model beside the stream, and where symbols stand in latent space. */
import { expect, test } from "vitest";
import { key, mean } from "../../lib/core/index.js";
import { dataset, returnDataset, returnMatrix } from "../../lib/features/index.js";
import { riskAlong } from "../../lib/live/riskAlong.js";
import { candlesOnly } from "../../lib/market/candlesOnly.js";
import { sliceBars } from "../../lib/market/index.js";
import { simulate } from "../../lib/market/simulate/simulate.js";
import { factorModel, latentPlaces, train, vae } from "../../lib/models/study/index.js";

const root = key("risk along");
const bars = candlesOnly(simulate({ symbols: ["BTCUSDT", "ETHUSDT"], bars: 2000, key: root }).bars);

test("the risk of an hour is announced before it, and no later bar changes it", async () => {
  const returns = returnDataset({ bars });
  const study = await factorModel({ data: returns, factors: 1, hidden: [4], epochs: 2, key: root });
  const scenarios = study.scenarios({ count: 200, key: root });
  const times = returnMatrix(bars, "log").time;
  const options = { weights: [0.5, 0.5], tail: 0.01, scenarios, from: times[1900]! };
  const rows = riskAlong(study, returns, bars, options);
  expect(rows[0]!.time).toBe(times[1901]);
  const close = (t: number) => mean(bars.map(({ close }) => Math.log(close[t]! / close[t - 1]!)));
  const place = bars[0]!.openTime.indexOf(rows[0]!.time - bars[0]!.stepMs);
  expect(rows[0]!.came).toBeCloseTo(close(place), 12);
  expect(rows.every(({ announced }) => announced > 0)).toBe(true);
  const short = riskAlong(
    study,
    returns,
    bars.map((b) => sliceBars(b, 0, 1950)),
    options,
  );
  expect(rows.slice(0, short.length)).toEqual(short);
});

test("the place of equal weights is the mean of the symbols' latent vectors at each time", async () => {
  const data = dataset(bars, { length: 5, horizon: 2 });
  const fit = await train(vae({ data, latent: 3, hidden: [8] }), data, { epochs: 1, key: root });
  const { time, place } = latentPlaces(fit, data.test);
  expect(time.length).toBe(new Set(data.test.decidedAt).size);
  const { mean: vectors } = fit.encode(data.test);
  const rows = Array.from(data.test.decidedAt.keys()).filter((n) => data.test.decidedAt[n] === time[7]);
  expect(rows).toHaveLength(2);
  for (let k = 0; k < 3; k++)
    expect(place[7]![k]).toBeCloseTo(mean(rows.map((n) => vectors[3 * n + k]!)), 12);
});
