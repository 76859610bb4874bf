/** A small study that trains nothing, and a small one that does. */
import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as market from "../../lib/market/index.js";
import * as sweep from "../../lib/sweep/index.js";

/** A temporary folder and its removal. */
export function folder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "vitrade-sweep-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export const sha256 = "ab".repeat(32);

/** A study that trains nothing: `settings × seeds` networks in stacks of `stack`. */
export function idleStudy(more: object = {}): sweep.Study {
  return sweep.readStudy({
    name: "idle",
    data: { sha256 },
    model: "none",
    search: { grid: { beta: Array.from({ length: 10 }, (_, i) => i) } },
    seeds: 4,
    budget: { stackNetworks: 4 },
    ...more,
  });
}

export const NO_SIZE = { parameters: 0, activations: 0, rows: 1 };

/** The table of a folder without the columns that depend on the machine, as text. */
export async function tableOf(path: string): Promise<string> {
  const rows = await sweep.decodeTable(await readFile(join(path, sweep.TABLE)));
  return JSON.stringify(
    rows.map((row) =>
      Object.fromEntries(Object.entries(row).filter(([name]) => !sweep.OF_MACHINE.includes(name))),
    ),
  );
}

export const machine: sweep.Machine = {
  clock: { now: () => 0, elapsed: () => performance.now() },
  host: "test",
  memory: () => 1e6,
};

/** A few hundred simulated bars, as `vitrade prepare` would describe them. */
export async function smallSource(): Promise<sweep.StudySource> {
  const { bars } = await market.open({ prefer: ["BTCUSDT", "ETHUSDT"], atLeast: 2, bars: 700 });
  return {
    ...{ sha256, bars, length: 12, horizon: 1, stride: 2, threshold: 1 },
    split: { train: 0.6, validation: 0.2, test: 0.2 },
  };
}
