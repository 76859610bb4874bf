/** Folders to throw away, and what the journal of a paper run tells. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { Fill } from "../../lib/live/broker/paperBroker.js";
import { readJournal } from "../../lib/live/journal/journal.js";
import type { LiveRecord, OpenRecord, StepRecord } from "../../lib/live/journal/records.js";

export async function recordsOf(folder: string): Promise<LiveRecord[]> {
  const records: LiveRecord[] = [];
  for await (const { record } of readJournal(folder)) records.push(record as LiveRecord);
  return records;
}

export function stepsIn(records: readonly LiveRecord[]): StepRecord[] {
  return records.filter((record): record is StepRecord => record.kind === "step");
}

export function opensIn(records: readonly LiveRecord[]): OpenRecord[] {
  return records.filter((record): record is OpenRecord => record.kind === "open");
}

export function fillsIn(records: readonly LiveRecord[]): Fill[] {
  return records.flatMap((record) => (record.kind === "step" || record.kind === "open" ? record.fills : []));
}

/** What a run did, without when it was interrupted. */
export function deeds(records: readonly LiveRecord[]): unknown[] {
  return records.flatMap<unknown>((record) => {
    if (record.kind === "step") return [[record.time, record.targets.join(), record.equity, record.fills]];
    return record.kind === "open" ? [[record.time, record.prices.join(), record.fills]] : [];
  });
}

/** A new empty folder, removed when the tests of the file are over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "vitrade-live-"));
  folders.push(folder);
  return folder;
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
