/** Uncertainty by day and by span, and the error of a mean that is known. */
import { describe, expect, test } from "vitest";
import { core, models } from "../../../lib/index.js";

const HOUR = 3_600_000;
const forecast = (
  rows: { at: number; aleatoric: number; epistemic: number; mean?: number }[],
): core.Forecast => {
  const of = (pick: (row: (typeof rows)[number]) => number) => Float64Array.from(rows, pick);
  const bp = (sd: number) => (sd / 1e4) ** 2;
  return core.normalForecast(
    {
      ...{ mean: of((row) => (row.mean ?? 0) / 1e4), latent: of(() => 0) },
      ...{ aleatoric: of((row) => bp(row.aleatoric)), epistemic: of((row) => bp(row.epistemic)) },
    },
    { asset: new Uint16Array(rows.length), decidedAt: of((row) => row.at * HOUR) },
  );
};

test("dailyUncertainty averages standard deviations over a day, not variances", () => {
  const { time, aleatoric, epistemic } = models.dailyUncertainty(
    forecast([
      { at: 1, aleatoric: 60, epistemic: 2 },
      { at: 23, aleatoric: 80, epistemic: 4 },
      { at: 24, aleatoric: 10, epistemic: 5 },
    ]),
  );
  expect(Array.from(time)).toEqual([12 * HOUR, 36 * HOUR]);
  expect(aleatoric[0]).toBeCloseTo(70, 9);
  expect(epistemic[0]).toBeCloseTo(3, 9);
  expect([aleatoric, epistemic].map((own) => Math.round(own[1]!))).toEqual([10, 5]);
});

describe("uncertaintyInSpans", () => {
  const before = forecast([1, 2, 3, 4].map((at) => ({ at, aleatoric: 10, epistemic: at })));
  const now = forecast([1, 2, 3, 4].map((at) => ({ at, aleatoric: 10 * at, epistemic: 9 })));

  test("a span includes its first time and leaves out its last; both forecasts are read on the same rows", () => {
    const [row] = models.uncertaintyInSpans({ middle: { from: 2 * HOUR, until: 4 * HOUR } }, { now, before });
    expect(row!.span).toBe("middle");
    expect(row!.aleatoricBefore).toBeCloseTo(10, 9);
    expect(row!.epistemic).toBeCloseTo(9, 9);
    // medians of two variances lie between: √((20² + 30²) / 2), and of 2 and 3
    expect(row!.aleatoric).toBeCloseTo(Math.sqrt(650), 9);
    expect(row!.epistemicBefore).toBeCloseTo(Math.sqrt(6.5), 9);
  });

  test("a span without rows is refused by name", () => {
    const empty = { nothing: { from: 9 * HOUR, until: 10 * HOUR } };
    expect(() => models.uncertaintyInSpans(empty, { now, before })).toThrow("span nothing");
  });
});

test("errorOfMean is the root mean square of predicted less true mean, in basis points", () => {
  const rows = [3, -3].map((mean, i) => ({ at: i, aleatoric: 1, epistemic: 5, mean }));
  const [row] = models.errorOfMean({ network: forecast(rows) }, [7e-4, -3e-4]);
  expect(row!.error).toBeCloseTo(Math.sqrt((16 + 0) / 2), 9);
  expect(row!.epistemic).toBeCloseTo(5, 9);
  expect(() => models.errorOfMean({ network: forecast(rows) }, [1])).toThrow("network");
});

test("scoreMethods is scoreForecasts under the names of the methods", () => {
  const part = {
    asset: new Uint16Array(2),
    decidedAt: Float64Array.of(HOUR, 30 * HOUR),
    returns: Float64Array.of(0, 1e-3),
  };
  const same = (aleatoric: number) => forecast([0, 1].map((at) => ({ at, aleatoric, epistemic: 0 })));
  const [narrow, wide] = [same(5), same(50)] as const;
  const methods = [
    { method: "wide", forecast: wide },
    { method: "narrow", forecast: narrow },
  ];
  expect(models.scoreMethods(methods, part)).toEqual(
    models.scoreForecasts({ wide: wide, narrow: narrow }, part),
  );
});
