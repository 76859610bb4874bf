/** The notebook that the tests open. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { copyInto, execute } from "./jupyter.js";

/** One output of a cell in nbformat 4. */
export interface Output {
  output_type: string;
  data?: Record<string, unknown>;
}

export interface Cell {
  cell_type: string;
  source: string | string[];
  outputs?: Output[];
}

const CODE = [
  'import { plot } from "vitrade";',
  `const x = Array.from({ length: 50 }, (_, i) => i / 5);
const wave = (phase: number) =>
  plot.line({
    title: "Two waves that never agree for long",
    xTitle: "time [s]",
    yTitle: "height [m]",
    series: [
      { name: "first", x, y: x.map((t) => Math.sin(t + phase)) },
      { name: "second", x, y: x.map((t) => Math.cos(1.3 * t)) },
    ],
  });
await plot.show(wave(0));`,
  'await plot.show(plot.panels([wave(1), wave(2)], { columns: 2, title: "Two pairs of waves" }));',
  'plot.table([{ wave: "first", height: 1.2345 }, { wave: "<b>", height: -0.5 }], { units: { height: "m" } });',
  `const work = plot.progress(3, "waving");
for (let i = 1; i <= 3; i++) {
  work.update(i);
  await new Promise((resolve) => setTimeout(resolve, 300));
}
work.finish("all waved");`,
  'plot.claim("the first wave is a unit high", 1, [0.9, 1.1]);',
];

export function readCells(file: string): Cell[] {
  return JSON.parse(readFileSync(file, "utf8")).cells;
}

/** Writes a small notebook that uses all kinds of output, not executed. */
export function writeSmall(folder: string): string {
  const cells = CODE.map((source, i) => ({
    ...{ cell_type: "code", id: `cell-${i}`, metadata: {}, execution_count: null, outputs: [], source },
  }));
  const metadata = {
    kernelspec: { display_name: "TypeScript", language: "typescript", name: "tslab" },
    language_info: { file_extension: ".ts", mimetype: "text/typescript", name: "typescript" },
  };
  const file = join(folder, "small.ipynb");
  writeFileSync(file, JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }, null, 1));
  return file;
}

/** The notebook to look at: a copy of the one in VITRADE_NOTEBOOK, else the small one, executed now, whose figures are known. */
export async function openable(folder: string): Promise<string> {
  const chosen = process.env.VITRADE_NOTEBOOK;
  if (chosen && !existsSync(chosen)) throw new Error(`VITRADE_NOTEBOOK: no ${chosen}`);
  if (chosen) return copyInto(folder, chosen);
  const small = writeSmall(folder);
  await execute(small);
  return small;
}
