/** Reports: one file that asks nobody, whose numbers are those of the command. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { documentText, writeResult } from "../../lib/cli/output.js";
import { backtestReport } from "../../lib/cli/report/backtestReport.js";
import { regimeRows, reliabilityOf } from "../../lib/cli/report/forecastTables.js";
import { equityBand } from "../../lib/cli/report/intervals.js";
import { reportPage } from "../../lib/cli/report/page.js";
import { predictReport } from "../../lib/cli/report/predictReport.js";
import { sharpeOfVariants } from "../../lib/cli/report/variants.js";
import { checkReport, writeReport } from "../../lib/cli/reporting.js";
import { type BacktestRun, runBacktest } from "../../lib/cli/tasks/backtest.js";
import { type Forecasts, predict } from "../../lib/cli/tasks/predict.js";
import { fold, key, normals } from "../../lib/core/random.js";
import { BYBIT_FEES } from "../../lib/trading/backtest/costs.js";
import { ledgerReturns } from "../../lib/trading/backtest/ledger.js";
import { silentShell, trainSmall } from "./small.js";

const SETTINGS = `
model: { latentDim: 4, hidden: [16], headWidth: 8 }
training: { epochs: 3, warmUpEpochs: 1, batchSize: 64, learningRate: 0.003 }
data: { sequenceLength: 24, predictionHorizon: 4 }
`;
const folder = mkdtempSync(join(tmpdir(), "vitrade-report-"));
const file = (name: string) => join(folder, name);
let forecasts: Forecasts;
let run: BacktestRun;

beforeAll(async () => {
  await writeResult(file("settings.yaml"), SETTINGS);
  const paths = { data: file("a.dataset"), model: file("a.model"), config: file("settings.yaml") };
  await trainSmall(paths);
  forecasts = await predict({ ...paths, draws: 20, seed: 1, backend: "wasm", all: true, every: 1 });
  await writeResult(file("f.json"), documentText(forecasts));
  run = await runBacktest({
    ...{ predictions: file("f.json"), data: paths.data, inSample: true },
    rule: { kind: "sign", minEdgeMultiple: 1, epistemicPenalty: 1, kelly: 0.25 },
    costs: { ...BYBIT_FEES.linearPerpetual, halfSpreadBps: 0.5, latencyBars: 0 },
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a page would ask of another host, namespaces and the words of licences apart. */
const asked = (html: string) =>
  [...html.matchAll(/(?:src|href|url\()\s*=?\s*["'(]?(https?:[^"')\s>]+)/g)].map(([, address]) => address);

test("a report names its warnings, holds its figures, and asks nobody", async () => {
  const html = await reportPage(backtestReport(run, undefined), true);
  expect(html).toContain("this is no evidence");
  expect(html).toContain("How many variants were tried before this one was not said");
  expect(html.match(/<img src="data:image\/svg\+xml;base64,/g)!.length).toBeGreaterThanOrEqual(2);
  expect(html).not.toContain("<script");
  expect(asked(html)).toEqual([]);
  expect(html.length).toBeLessThan(700_000);
});

test("a live report holds Plotly and its figures' data, which no text in them can end", async () => {
  const text = "</script><b>bold</b>";
  const report = predictReport({ ...forecasts, model: text });
  const html = await reportPage(report, false);
  expect(html).toContain('id="plotly"');
  expect(html).not.toContain(text);
  expect(html).toContain("&lt;/script&gt;&lt;b&gt;bold");
  const opened = html.match(/<script/g)!.length;
  expect(html.match(/<\/script>/g)!.length).toBe(opened);
});

test("the regimes' bars are those of the account with a forecast before them, and their means add up to its own", () => {
  const returns = ledgerReturns(run.ledger);
  const rows = regimeRows(run, returns);
  const bars = rows.reduce((total, row) => total + row.bars, 0);
  const first = Math.min(...forecasts.rows.map(({ decidedAt }) => Date.parse(decidedAt)));
  const known = Array.from(run.ledger.time).filter((time) => time - run.ledger.stepMs >= first);
  expect(bars).toBe(known.length);
  const own = returns.filter((_, t) => run.ledger.time[t]! - run.ledger.stepMs >= first);
  const total = rows.reduce((sum, row) => sum + row.bars * row.mean, 0);
  expect(total).toBeCloseTo(1e4 * own.reduce((a, b) => a + b, 0), 6);
});

test("probabilities that are right by construction lie where calibrated ones would; turned round they do not", () => {
  const truth = (turned: boolean): BacktestRun => {
    const rows = run.forecasts.rows.map((row) => {
      const bars = run.bars.find(({ symbol }) => symbol === row.symbol)!;
      const t = Math.round((Date.parse(row.decidedAt) - bars.openTime[0]!) / bars.stepMs) - 1;
      const rises = bars.close[t + run.forecasts.horizon]! > bars.close[t]!;
      return { ...row, probabilityUp: rises === turned ? 0.001 : 0.999 };
    });
    return { ...run, forecasts: { ...run.forecasts, rows } };
  };
  expect(reliabilityOf(truth(false))!.brier).toBeLessThan(1e-5);
  expect(reliabilityOf(truth(true))!.brier).toBeGreaterThan(0.99);
});

test("forecasts whose end lies behind the last bar have no outcome", () => {
  const last = run.bars[0]!.openTime.at(-1)! + run.bars[0]!.stepMs;
  const ends = run.forecasts.rows.filter(
    ({ decidedAt }) => Date.parse(decidedAt) + run.forecasts.horizon * run.forecasts.stepMs <= last,
  );
  expect(reliabilityOf(run)!.count).toBe(ends.length);
  expect(ends.length).toBeLessThan(run.forecasts.rows.length);
});

test("the band holds nine in ten histories of the same returns, and there is none without returns that vary", () => {
  const returns = normals(key("band"), 400).map((z) => 0.001 + 0.01 * z);
  const { lower, upper } = equityBand(Float64Array.from(returns), 100)!;
  const inside = Array.from({ length: 300 }, (_, h) => {
    let equity = 100;
    for (const z of normals(fold(key("band"), h), 400)) equity *= 1 + 0.001 + 0.01 * z;
    return equity >= lower[399]! && equity <= upper[399]! ? 1 : 0;
  }).reduce<number>((a, b) => a + b, 0);
  expect(inside / 300).toBeGreaterThan(0.7); // the sample's own mean is off by one standard error
  expect(equityBand(new Float64Array(100), 100)).toBeUndefined();
  expect(equityBand(Float64Array.of(...returns, -1), 100)).toBeUndefined();
});

test("one variant is charged nothing, and more of them make a Sharpe ratio less probable", () => {
  const returns = Float64Array.from(normals(key("variants"), 1000), (z) => 0.0005 + 0.01 * z);
  const probability = (count: number) =>
    Number(
      /with probability ([\d.]+)/.exec(
        (sharpeOfVariants(returns, 8760, count)[0] as { text: string }).text,
      )![1],
    );
  expect((sharpeOfVariants(returns, 8760, 1)[0] as { text: string }).text).toContain(
    "a Sharpe ratio of 0.00",
  );
  expect(probability(10)).toBeLessThan(probability(1));
  expect(probability(1000)).toBeLessThan(probability(10));
});

test("a report is refused before the work where it could not be written, and is whole once it is", async () => {
  await expect(checkReport({ report: "a.pdf" })).rejects.toThrow(
    "expected a name that ends in .html, got a.pdf",
  );
  await expect(checkReport({ static: true })).rejects.toThrow("--static: expected --report beside it");
  await writeReport({ report: file("r.html"), static: true }, silentShell, () => predictReport(forecasts));
  expect(readFileSync(file("r.html"), "utf8")).toMatch(/^<!DOCTYPE html>[\s\S]*<\/html>\n$/);
});
