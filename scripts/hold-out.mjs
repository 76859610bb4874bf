/**
 * Facts of bars that had no part in setting the simulated market: `node scripts/hold-out.mjs --folder ../shared/data` measures them again
 * and compares them with data/hold-out.json, `--update` writes it. The bars themselves may not be shipped.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { inRoot } from "./setup/paths.mjs";

const { values: options } = parseArgs({
  options: { folder: { type: "string" }, update: { type: "boolean", default: false } },
});
if (!options.folder) {
  console.error("usage: node scripts/hold-out.mjs --folder FOLDER [--update]");
  process.exit(2);
}

const { features, market } = await import(inRoot("lib/dist/index.mjs"));
const read = (name, symbols) => market.files.readFolder(path.join(options.folder, name), symbols);

const FIVE = ["BTCUSDT", "ETHUSDT", "SOLUSDT", "BNBUSDT", "WIFUSDT"];
const SEVEN = ["AAVEUSDT", "AVAXUSDT", "DOGEUSDT", "HYPEUSDT", "SUIUSDT", "UNIUSDT", "XRPUSDT"];
const WEEKS = "bybit_perp_1h_mit_2025-09_2025-10";
const NEW_YEAR = Date.UTC(2025, 0, 1);

const hours = await read("bybit_perp_1h", FIVE);
const part = (from, to) =>
  hours.map((bars) => {
    const at = (time) => bars.openTime.findIndex((open) => open >= time);
    return market.sliceBars(bars, from === undefined ? 0 : at(from), to === undefined ? undefined : at(to));
  });
const { heldOutSet, HALF_YEARS } = features.facts;
const sixWeeks = { length: 999, step: 998 };
const sets = [
  heldOutSet("seven other coins", await read(WEEKS, SEVEN), sixWeeks),
  heldOutSet("a gold token", await read(WEEKS, ["XAUTUSDT"]), sixWeeks),
  heldOutSet("coins it was set to, in the same six weeks", await read(WEEKS, FIVE.slice(0, 4)), sixWeeks),
  heldOutSet(
    "bars of four hours",
    hours.map((bars) => market.coarserBars(bars, 4)),
    { length: 6 * 180 + 1, step: 6 * 30 },
  ),
  heldOutSet("bars of five minutes", await read("bybit_perp_5m", FIVE.slice(0, 2)), {
    length: 12 * 24 * 30 + 1,
    step: 12 * 24 * 15,
  }),
  heldOutSet("2024", part(undefined, NEW_YEAR), HALF_YEARS),
  heldOutSet("2025", part(NEW_YEAR, undefined), HALF_YEARS),
];

const file = inRoot("data/hold-out.json");
const onOneLine = (list) => list.replace(/\s+/g, " ").replaceAll("[ ", "[").replaceAll(" ]", "]");
const text = `${JSON.stringify({ sets }, null, 1).replace(/\[[^[\]{}]*\]/g, onOneLine)}\n`;
if (options.update) {
  writeFileSync(file, text);
  console.log(`wrote ${sets.length} sets to data/hold-out.json`);
} else {
  const held = JSON.parse(readFileSync(file, "utf8")).sets;
  let different = 0;
  for (const [i, set] of sets.entries()) {
    const same = JSON.stringify(set) === JSON.stringify(held[i]);
    if (!same) different++;
    console.log(`${same ? "✓" : "✗"} ${set.name}: ${set.rows} bars, ${set.first} to ${set.last}`);
  }
  process.exitCode = different > 0 ? 1 : 0;
}
