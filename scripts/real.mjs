/**
 * `npm run real -- --folder FOLDER [--funding FOLDER] [--update]`: the study on real bars that chapter 8 reads.
 *
 * Without a folder it takes the snapshot of `npm run data`. It compares what it finds with data/real-results.json, or writes that file.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { inRoot } from "./setup/paths.mjs";

process.env.VITRADE_BACKEND ??= "wasm"; // the backend that every machine has

const file = inRoot("data/real-results.json");
const options = {
  folder: { type: "string", default: "bybit" },
  funding: { type: "string" },
  update: { type: "boolean", default: false },
};

async function study(folder, fundingFolder) {
  const { readFunding, identify } = await import("./real/data.mjs");
  const { settings, rules, variants, SYMBOLS } = await import("./real/rules.mjs");
  const { core, market, nn } = await import("vitrade");
  const started = performance.now();
  const say = (line) => console.log(`real: ${((performance.now() - started) / 1000).toFixed(0)} s, ${line}`);
  const opened = await market.open({ folder, symbols: SYMBOLS, minBars: 15_000, say });
  const funding = readFunding(fundingFolder);
  const backend = await nn.startBackend();
  const { bars } = opened;
  const data = identify(bars, market.describe(opened), funding);
  say(`${bars[0].openTime.length} hours of ${data.map(({ symbol }) => symbol).join(", ")}`);
  const { studyBeta } = await import("./real/beta.mjs");
  const { studyForecasts } = await import("./real/forecast.mjs");
  const { studyFactors } = await import("./real/factors.mjs");
  const { studyPortfolios } = await import("./real/portfolios.mjs");
  const { studyCosts, commonHours } = await import("./real/costs.mjs");
  const { studySimulator } = await import("./real/simulator.mjs");
  const beta = await studyBeta(bars, say);
  const forecasts = await studyForecasts(bars, say);
  const network = { ...beta.panels, ...forecasts.panels };
  const { first } = commonHours(bars, Object.values(network));
  const start = bars[0].openTime.findIndex((time) => time + bars[0].stepMs === first);
  const portfolios = await studyPortfolios(bars, start, say);
  const { costs, gaps } = studyCosts(bars, { ...network, ...portfolios.panels }, { funding, say });
  const factors = await studyFactors(bars, say);
  const simulator = await studySimulator(bars, { funding, say });
  say("done");
  return {
    ...{ data, settings, rules, variants, versions: core.versions(backend) },
    ...{ beta: beta.results, forecast: forecasts.forecast, size: forecasts.size, factors },
    ...{ portfolios: { ...portfolios.results, gaps }, costs, simulator },
  };
}

/** 0 where the numbers are those of the file, 1 where they differ though bars and backend are the same. */
function report(results, differences) {
  const { versions: before, data: bars, ...expected } = JSON.parse(readFileSync(file, "utf8"));
  const { versions: now, data, ...came } = results;
  const sameBars = differences(bars, data, 0).length === 0;
  const sameBackend = differences(before, now, 0).length === 0;
  const found = differences(expected, came, 1e-4);
  for (const { path, expected: old, came: own } of found.slice(0, 20))
    console.log(`${path}: ${old} → ${own}`);
  if (!sameBars) console.log("real: other bars than those of the file: its numbers are not expected");
  if (!sameBackend)
    console.log("real: other versions or another backend: networks may differ in late digits");
  console.log(`real: ${found.length} of the file's values differ`);
  return Number(found.length > 0 && sameBars && sameBackend);
}

const { values } = parseArgs({ options });
const { rounded, differences } = await import("./real/compare.mjs");
const funding =
  values.funding ??
  join(values.folder === "bybit" ? inRoot("data") : join(values.folder, ".."), "bybit_funding");
const results = rounded(await study(values.folder, funding));
if (existsSync(file) && !values.update) process.exitCode = report(results, differences);
else writeFileSync(file, `${JSON.stringify(results, null, 1)}\n`);
