/** How long a reader waits: the first cells of a notebook in the kernel itself, each kernel fresh. `npm run bench -- firstCell` */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { bench, describe } from "vitest";

const root = path.resolve(__dirname, "..");
const RUNS = 5;

const CELLS = [
  'import { features, market, models, plot, trading } from "vitrade";',
  'const source = await market.open({ symbols: ["BTCUSDT"], bars: 600 });',
  "const data = features.dataset(source, { length: 20, horizon: 4 });",
];

/** A kernel of its own that converts and runs the cells and prints the milliseconds of its start and of each cell. */
const PROGRAM = `
const { createConverter } = require("tslab/dist/converter.js");
const { createExecutor } = require("tslab/dist/executor.js");
(async () => {
  const cells = ${JSON.stringify(CELLS)};
  const begin = performance.now();
  const node = createConverter({});
  const executor = createExecutor(process.cwd(), { node, close() {} }, console);
  const times = [performance.now() - begin];
  for (const cell of cells) {
    const start = performance.now();
    await executor.execute(cell);
    times.push(performance.now() - start);
  }
  console.log(JSON.stringify({ times, modules: Object.keys(require.cache).length }));
  process.exit(0);
})();`;

const once = { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0, throws: true };

function work(): void {
  const runs = Array.from({ length: RUNS }, () => {
    const { stdout } = spawnSync(process.execPath, ["-e", PROGRAM], { cwd: root, encoding: "utf8" });
    return JSON.parse(stdout.trim().split("\n").at(-1)!) as { times: number[]; modules: number };
  });
  const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
  ["before the first cell", ...CELLS].forEach((cell, i) => {
    console.log(`${(median(runs.map(({ times }) => times[i]!)) / 1000).toFixed(2)} s  ${cell}`);
  });
  console.log(`${runs[0]!.modules} modules loaded at the end`);
}

describe("first cells of a notebook", () => {
  bench("median of five fresh kernels", work, once);
});
