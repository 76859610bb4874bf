/** A study trained in this process from its text and its bars: what a notebook asks for. */
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { type Bars, type Clock, systemClock } from "../../core/index.js";
import { foldsOf, type StudySource } from "../networks/data.js";
import { sizeOf } from "../networks/model.js";
import type { NetworkRow } from "../results/networkRow.js";
import { openResults, type SetAside } from "../results/resultFolder.js";
import { finalRows } from "../results/resultTable.js";
import { firstRows } from "../results/trialRows.js";
import type { Study } from "../study/studyFile.js";
import { here } from "./here.js";
import { runStudy, type StudyProgress } from "./runStudy.js";

const FRACTIONS = { train: 0.6, validation: 0.2, test: 0.2 };

/** Settings of the windows that a study is trained on. */
export interface SourceOptions {
  /** T bars a window, and bars over which the return is predicted. */
  readonly length: number;
  readonly horizon: number;
  /** Bars between the starts of two windows; the horizon by default. */
  readonly stride?: number;
  /** 60, 20 and 20 % of the decision times by default. */
  readonly split?: StudySource["split"];
}

/** Bars as the data of a study, with the SHA-256 of them and of how windows are cut. */
export function sourceOf(
  of: readonly Bars[] | { readonly bars: readonly Bars[] },
  { length, horizon, stride = horizon, split = FRACTIONS }: SourceOptions,
): StudySource {
  const bars = "bars" in of ? of.bars : of;
  const rest = { length, horizon, stride, split, threshold: 1 };
  const hash = createHash("sha256").update(JSON.stringify(rest));
  for (const { symbol, stepMs, openTime, open, high, low, close, volume } of bars) {
    hash.update(`${symbol} ${stepMs}\n`);
    for (const column of [openTime, open, high, low, close, volume])
      hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  }
  return { sha256: hash.digest("hex"), bars, ...rest };
}

/** A study that is done. */
export interface TrainedStudy {
  /** One a network, by number. */
  readonly rows: readonly NetworkRow[];
  /** Those of the first comparison, where all settings had the same epochs. */
  readonly first: readonly NetworkRow[];
  readonly setAside: readonly SetAside[];
}

/**
 * Trains the study here. In a folder `out` it goes on from what an earlier run left there; without one it leaves nothing.
 * @throws RangeError when the study names other data, or has more networks than its budget.
 */
export async function trainStudy(
  study: Study,
  source: StudySource,
  {
    out,
    onProgress,
    clock = systemClock,
  }: {
    readonly out?: string;
    readonly onProgress?: (progress: StudyProgress) => void;
    readonly clock?: Clock;
  } = {},
): Promise<TrainedStudy> {
  if (source.sha256 !== study.data.sha256)
    throw new RangeError(
      `study: data.sha256: expected ${source.sha256}, that of the source, got ${study.data.sha256}`,
    );
  const folder = out ?? (await mkdtemp(join(tmpdir(), "vitrade-study-")));
  try {
    const results = await openResults(folder, study);
    const folds = foldsOf(source, study.data);
    const machine = { clock, host: hostname(), memory: () => process.memoryUsage.rss() };
    await runStudy({
      ...{ study, results, execute: here(study, { folds, machine }) },
      sizeOf: (settings) => sizeOf(study.model, settings, folds.at(0)),
      ...(onProgress ? { onProgress } : {}),
    });
    return { rows: await finalRows(results), first: await firstRows(results), setAside: results.aside };
  } finally {
    if (out === undefined) await rm(folder, { recursive: true, force: true });
  }
}
