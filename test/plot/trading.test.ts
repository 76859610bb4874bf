import { expect, test } from "vitest";
import { type CostOptions, costFigure } from "../../lib/plot/charts/accounts/costs.js";
import { type WinRateBin, winRateFigure } from "../../lib/plot/charts/accounts/winRate.js";
import { regimeFigure, regimeTimeFigure } from "../../lib/plot/charts/prices/regimes.js";
import { hours, numbers, textsOf, traceOf, walk } from "./support/hours.js";

const words = { title: "One" };
const bins: WinRateBin[] = [
  { from: 0, to: 1, trades: 40, winRate: 0.5, lower: 0.35, upper: 0.65 },
  { from: 1, to: 3, trades: 20, winRate: 0.75, lower: 0.53, upper: 0.89 },
];
const wins = (given: readonly WinRateBin[], breakEven = 0.52) =>
  winRateFigure({ ...words, xTitle: "confidence", bins: given, breakEven });

// BN-87
test("win rates stand at the middle of their bin, in their interval, against break-even", () => {
  const figure = wins(bins);
  expect(traceOf(figure, "share of trades won")).toMatchObject({ x: [0.5, 2], y: [50, 75] });
  const box = numbers(traceOf(figure, "interval").y).filter(Number.isFinite);
  expect(box).toEqual([35, 35, 65, 65, 35, 53, 53, 89, 89, 53]);
  expect(traceOf(figure, "break-even 52.0 %")).toMatchObject({ x: [0, 3], y: [52, 52] });
  expect(traceOf(figure, "trades")).toMatchObject({ y: [40, 20], width: [1, 2], yaxis: "y2" });
});

test("bins that contradict themselves or each other are refused by number", () => {
  const [low, high] = bins as [WinRateBin, WinRateBin];
  expect(() => wins([])).toThrow("bins: expected at least one, got none");
  expect(() => wins([low, { ...high, from: 0.9 }])).toThrow("bins[1]: expected from at or after 1, got 0.9");
  expect(() => wins([{ ...low, winRate: 0.7 }])).toThrow("bins[0]: expected winRate 0.7 within [0.35, 0.65]");
  expect(() => wins([{ ...low, upper: 65 }])).toThrow("upper of bins[0]: expected a share in [0, 1], got 65");
  expect(() => wins([{ ...low, trades: 0 }])).toThrow("trades of bins[0]: expected an integer of at least 1");
  expect(() => wins(bins, 52)).toThrow("breakEven: expected a share in [0, 1], got 52");
});

const costs = (given: Partial<CostOptions>) =>
  costFigure({ ...words, yTitle: "return [%]", gross: 10, costs: [{ name: "fees", value: 4 }], ...given });

test("each cost starts where the one before it ended, and what is left is net", () => {
  const parts = [
    { name: "fees", value: 4 },
    { name: "impact", value: 8 },
    { name: "funding", value: -1 },
  ];
  const figure = costs({ costs: parts });
  expect(figure.data[0]).toMatchObject({
    x: ["gross", "fees", "impact", "funding", "net"],
    base: [0, 10, 6, -2, 0],
    y: [10, -4, -8, 1, -1],
  });
  expect(textsOf(figure)).toEqual(["10.00", "−4.00", "−8.00", "+1.00", "−1.00"]);
  const { color } = figure.data[0]!.marker as { color: string[] };
  expect([color[1] === color[2], color[3] === color[1], color[0] === color[4]]).toEqual([true, false, true]);
});

test("costs without a name of their own or a finite value are refused", () => {
  expect(() => costs({ costs: [] })).toThrow("costs: expected at least one, got none");
  expect(() => costs({ costs: [{ name: "net", value: 1 }] })).toThrow('got "net" twice');
  expect(() => costs({ costs: [{ name: "fees", value: Number.NaN }] })).toThrow(
    'cost "fees"[0]: expected a finite',
  );
});

test("regimes stand side by side with their bars, series apart about each", () => {
  const series = ["model", "hold"].map((name) => ({ name, mean: [1, -2], lower: [0, -3], upper: [2, 0] }));
  const options = { ...words, yTitle: "return [bp]", regimes: ["bull", "bear"], bars: [70, 30], series };
  const figure = regimeFigure(options);
  expect(traceOf(figure, "model")).toMatchObject({ x: [-0.08, 0.92], y: [1, -2] });
  expect(traceOf(figure, "hold")).toMatchObject({
    x: [0.08, 1.08],
    error_y: { array: [1, 2], arrayminus: [1, 1] },
  });
  expect(figure.layout.xaxis).toMatchObject({ ticktext: ["bull<br>70 bars", "bear<br>30 bars"] });
  expect(() => regimeFigure({ ...options, bars: [70, 0] })).toThrow(
    'bars of regime "bear": expected an integer',
  );
  expect(() => regimeFigure({ ...options, bars: [70] })).toThrow("bars: expected 2 values, got 1");
});

const overTime = (regime: ArrayLike<number>, values = walk("price", regime.length)) =>
  regimeTimeFigure({
    ...{ ...words, yTitle: "price", regimes: ["bear", "bull"], yRange: [0, 2] },
    ...{ time: hours(regime.length), values, regime },
  });

test("each run of a regime is shaded until the next begins", () => {
  const figure = overTime([0, 0, 1, 1, 0]);
  const [h1, , h3, , h5] = hours(5);
  const sides = (name: string) => numbers(traceOf(figure, name).x).filter(Number.isFinite);
  expect(sides("bull")).toEqual([h3, h5, h5, h3]);
  expect(sides("bear")).toEqual([h1, h3, h3, h1, h5, h5, h5, h5]);
  expect(numbers(traceOf(figure, "bull").y).slice(0, 4)).toEqual([0, 0, 2, 2]);
});

test("regimes that flicker are shaded as what most bars of a stretch have", () => {
  const flicker = Uint8Array.from({ length: 20_000 }, (_, t) => (t % 3 === 0 ? 1 : 0));
  expect(traceOf(overTime(flicker), "bull")).toBeUndefined();
  expect(numbers(traceOf(overTime(flicker), "bear").x)).toHaveLength(5);
});

test("a regime that has no name is refused at its bar", () => {
  expect(() => overTime([0, 2])).toThrow("regime[1]: expected an index below 2, got 2");
  expect(() => overTime([0, 0.5])).toThrow("regime[1]: expected an index below 2, got 0.5");
});
