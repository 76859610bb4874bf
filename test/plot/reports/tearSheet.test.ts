import { expect, test } from "vitest";
import { fold, key, uniforms } from "../../../lib/core/random.js";
import { equityFigure } from "../../../lib/plot/charts/accounts/equity.js";
import { underwaterFigure } from "../../../lib/plot/charts/accounts/underwater.js";
import { candleFigure } from "../../../lib/plot/charts/prices/candles.js";
import { regimeTimeFigure } from "../../../lib/plot/charts/prices/regimes.js";
import { lineFigure } from "../../../lib/plot/charts/shapes/curves.js";
import type { Figure } from "../../../lib/plot/figure.js";
import { bundleOf, PLOTLY_MIME } from "../../../lib/plot/notebook/show.js";
import { tearSheetFigure } from "../../../lib/plot/reports/tearSheet.js";
import type { TearSheetLedger, TearSheetOptions } from "../../../lib/plot/reports/tearSheetTypes.js";
import { thin } from "../../../lib/plot/thin.js";
import { HOUR, hourlyBars, hours, textsOf, traceOf, walk } from "../support/hours.js";

const BARS = 20_000;
const time = hours(BARS);
const draws = (name: string, count = BARS): Float64Array => uniforms(fold(key("ledger"), name), count);

/** A ledger of two assets whose costs are a fee and a spread. */
function ledgerOf(): TearSheetLedger {
  const [fees, spread] = [draws("fees").map((u) => 1e-5 * u), draws("spread").map((u) => 1e-5 * u)];
  return {
    ...{ time, stepMs: HOUR, equity: walk("equity", BARS), capital: 1, fees, spread },
    cost: fees.map((fee, t) => fee + spread[t]!),
    funding: draws("funding").map((u) => 1e-6 * (u - 0.5)),
    turnover: draws("turnover"),
    weights: { time, names: ["BTCUSDT", "ETHUSDT"], values: draws("weights", 2 * BARS).map((u) => u - 0.5) },
  };
}

const band = {
  lower: walk("equity", BARS).map((v) => 0.7 * v),
  upper: walk("equity", BARS).map((v) => 1.4 * v),
};
const sharpe = walk("sharpe", BARS);
const rollingSharpe = {
  time,
  value: sharpe,
  lower: sharpe.map((v) => v - 2),
  upper: sharpe.map((v) => v + 2),
};
const sheet = (options: Partial<TearSheetOptions> = {}): Figure =>
  tearSheetFigure({ title: "One", name: "model", ledger: ledgerOf(), ...options });
const panelTitles = (figure: Figure): string[] =>
  textsOf(figure).filter(
    (text) => /^(Equity|Drawdown|Exposure|Costs|The interval|\d)/.test(text) && /[a-z]/.test(text),
  );

test("six panels tell what they show; costs add up from gross to net", () => {
  const ledger = ledgerOf();
  const figure = sheet({
    ledger: { ...ledger, equity: ledger.equity.map((v, t) => (t === BARS - 1 ? 1.25 : v)) },
  });
  expect(panelTitles(figure).map((text) => text.replaceAll("<br>", " "))).toEqual([
    "Equity: +25.0 % after costs",
    expect.stringMatching(/^Drawdown: −\d+\.\d % at worst$/),
    expect.stringMatching(/^\d+ of 28 months with a gain$/),
    expect.stringMatching(/^\d+\.\d\d % of returns beyond four standard deviations/),
    expect.stringMatching(/^Exposure: 0\.50 of equity on average$/),
    "Costs and funding: 20.0 % of the capital",
  ]);
  const { x, y } = traceOf(figure, "gross to net") as unknown as { x: string[]; y: number[] };
  expect(x).toEqual(["gross", "fees", "spread", "funding", "net"]);
  expect(y[0]! + y[1]! + y[2]! + y[3]!).toBeCloseTo(25, 8);
});

test("a cost without parts is told as one, a rest beside known parts too", () => {
  const { fees, spread, ...ledger } = ledgerOf();
  const names = (given: TearSheetLedger): unknown => traceOf(sheet({ ledger: given }), "gross to net").x;
  expect(names(ledger)).toEqual(["gross", "costs", "funding", "net"]);
  expect(names({ ...ledger, fees: fees! })).toEqual(["gross", "fees", "other costs", "funding", "net"]);
  expect(spread).toHaveLength(BARS);
});

test("a rolling Sharpe ratio takes the place of the months", () => {
  const titles = panelTitles(sheet({ rollingSharpe })).map((text) => text.replaceAll("<br>", " "));
  expect(titles[2]).toMatch(/^The interval of the Sharpe ratio is above zero in \d+ % of the windows$/);
});

test("a ledger whose columns do not fit is refused by column", () => {
  const ledger = ledgerOf();
  expect(() => sheet({ ledger: { ...ledger, cost: ledger.cost.slice(1) } })).toThrow(
    "cost of the ledger: expected 20000 values, got 19999",
  );
  expect(() => sheet({ ledger: { ...ledger, capital: 0 } })).toThrow(
    "capital: expected a positive number, got 0",
  );
  expect(() => sheet({ ledger: { ...ledger, equity: ledger.equity.fill(1) } })).toThrow(
    "standard deviation of the returns: expected a positive number, got 0",
  );
  const weights = { ...ledger.weights, names: ["BTCUSDT"] };
  expect(() => sheet({ ledger: { ...ledgerOf(), weights } })).toThrow(
    "weights of the ledger: expected 20000 values, got 40000",
  );
});

const equity = walk("equity", BARS);
const series = [
  { name: "model", time, equity, ...band },
  { name: "other", time, equity: walk("other", BARS) },
  { name: "hold", time, equity: walk("hold", BARS), role: "benchmark" } as const,
];
const regime = draws("regime").map((u) => Math.floor(3 * u));
const regimes = ["bear", "sideways", "bull"];
const bars = hourlyBars(BARS);

test.each<[string, () => Figure]>([
  ["equity", () => equityFigure({ title: "One", yType: "log", series })],
  ["drawdown", () => underwaterFigure({ title: "One", series })],
  [
    "regimes",
    () => regimeTimeFigure({ title: "One", yTitle: "price", regimes, time, values: equity, regime }),
  ],
  ["candles", () => candleFigure({ title: "One", yTitle: "price", volumeTitle: "volume", bars })],
  ["tear sheet", () => sheet({ band, rollingSharpe, benchmark: series[2]! })],
  [
    "line over time",
    () =>
      lineFigure({
        ...{ title: "One", xTitle: "time [UTC]", yTitle: "price", xType: "date" },
        series: [thin({ name: "price", x: time, y: equity }, 800)],
      }),
  ],
])("20,000 bars as a figure of %s are drawn within 200 kB, data and picture together", async (_, draw) => {
  const bundle = await bundleOf(draw()); // refuses what is larger
  expect(JSON.stringify(bundle[PLOTLY_MIME]).length).toBeLessThan(120_000);
});
