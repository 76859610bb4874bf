/** A damaged journal is refused by file and line; what it loses unseen is only what a stopped write had not finished. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openJournal } from "../../lib/live/journal/journal.js";
import { readLines } from "../../lib/live/journal/journalLines.js";
import { fuzz } from "../support/fuzz.js";
import { temporaryFolder } from "./paperFixtures.js";

test("no damage to a journal is read as another run: what is read is its beginning, or it is refused", async () => {
  const folder = temporaryFolder();
  const journal = await openJournal({ folder });
  for (let i = 0; i < 40; i++)
    await journal.append({ kind: "status", at: i, what: "x".repeat(i), price: i / 7 });
  await journal.close();
  const path = join(folder, readdirSync(folder).find((name) => name.endsWith(".jsonl"))!);
  const bytes = readFileSync(path);
  const whole = readLines(path, bytes).entries.map((entry) => JSON.stringify(entry));
  const read = (damaged: Uint8Array) => readLines(path, Buffer.from(damaged));
  const same = (found: ReturnType<typeof readLines>): boolean => {
    const isBeginning = found.entries.every((entry, i) => JSON.stringify(entry) === whole[i]);
    return isBeginning && found.entries.length <= whole.length;
  };
  const found = await fuzz({ name: "journal", bytes, read, same, names: path });
  expect(found).toMatchObject({ silent: [], crashed: [] });
  expect(found.refused).toBeGreaterThan(0);
});
