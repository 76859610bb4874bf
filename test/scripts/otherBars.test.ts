/** A chapter on a folder of real bars: two symbols, one with a hole of 37 days. */
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { key } from "../../lib/core/random.js";
import { simulate } from "../../lib/market/simulate/simulate.js";
import { writeBars } from "./bars.js";
import { notebook } from "./notebooks.js";
import { type Outcome, type Project, temporaryProject } from "./project.js";

const opened = [
  'import { market, plot } from "vitrade";',
  'const source = await market.open({ prefer: ["AAAUSDT", "SOLUSDT"], atLeast: 2, minBars: 500 });\n' +
    "plot.marketBanner(source);\nplot.table(market.describe(source));",
  "const crashes = plot.onlyWith(source.truth, 'their crashes are not known', (truth) => truth.crash.length);\n" +
    "plot.claim('crashes', crashes, [5, 40]);\n" +
    "plot.claim('there are two symbols', source.symbols.length === 2);\n" +
    "plot.claim('the longest stretch has 900 bars', market.longestStretch(source.bars)[0]!.close.length, [900, 900]);\n" +
    "console.log(plot.finding('Crashes come in summer', 'Crashes by month'));",
];
const stopped = [...opened, 'throw new Error("cannot be asked");', 'console.log("never");'];

let project: Project;
let ran: Outcome;
let before: string;

const fileOf = (name: string): string => path.join(project.folder, `notebooks/${name}.ipynb`);
type Kept = { cells: { cell_type: string; source: string | string[]; outputs?: object[] }[] };
const keptOf = (name: string): Kept =>
  JSON.parse(readFileSync(path.join(project.folder, `.vitrade/executed/gappy/${name}.ipynb`), "utf8"));

beforeAll(async () => {
  project = temporaryProject({ installed: true });
  for (const [name, cells] of Object.entries({ "01-runs": opened, "02-stops": stopped }))
    project.write(`notebooks/${name}.ipynb`, JSON.stringify(notebook(cells.map((source) => ({ source })))));
  mkdirSync(path.join(project.folder, "gappy"));
  const { bars } = simulate({ symbols: ["AAAUSDT", "BBBUSDT"], bars: 2488, key: key(5) });
  for (const [a, own] of bars.entries())
    writeBars(path.join(project.folder, "gappy"), own, { hole: a === 1 });
  before = readFileSync(fileOf("02-stops"), "utf8");
  ran = await project.node(["scripts/reproduce.mjs"], { MARKET: "gappy", VITRADE_CELL_TIMEOUT: "120" });
}, 300_000);

afterAll(() => project.remove());

test("claims are counted as held, not held and not applicable, and the reason of a stop is said", () => {
  expect(ran.out).toMatch(/01-runs +3 +0 drawn +1 held, 1 not held, 1 not applicable/);
  expect(ran.out).toContain("the longest stretch has 900 bars: 1000 is not in [900, 900]");
  expect(ran.out).not.toContain("claim does not hold: crashes");
  expect(ran.out).toContain("02-stops.ipynb stopped with an error in cell 4");
});

test("what ran is kept beside the committed notebook, which stays as it was", () => {
  expect(ran.out).toContain("3 cells ran and are kept in .vitrade/executed/gappy/02-stops.ipynb");
  const texts = JSON.stringify(keptOf("02-stops").cells.map((cell) => cell.outputs));
  expect(texts).toContain("Crashes by month");
  expect(texts).toContain("cannot be asked");
  expect(texts).not.toContain("never");
  expect(readFileSync(fileOf("02-stops"), "utf8")).toBe(before);
});

test("an executed notebook opens with whose bars it shows, and says what was not asked of them", () => {
  const { cells } = keptOf("01-runs");
  expect(String(cells[0]?.source)).toContain("Real bars: the folder gappy");
  const texts = JSON.stringify(cells.map((cell) => cell.outputs));
  expect(texts).toContain("Real bars: gappy, AAAUSDT, BBBUSDT, 1600 bars from 2024-01-01");
  expect(texts).toContain("888 missing between");
  expect(texts).toContain("Not asked of these bars: their crashes are not known.");
  expect(texts).not.toContain("Crashes come in summer");
});
