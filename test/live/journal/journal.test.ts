/** The journal: whole entries or none, one writer, and damage is named. */
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Journal, openJournal, readBackwards, readJournal } from "../../../lib/live/journal/journal.js";
import { temporaryFolder } from "../paperFixtures.js";

async function written(folder: string, count: number, snapshotEvery = 1000): Promise<void> {
  const journal = await openJournal({ folder, snapshotEvery });
  for (let i = 0; i < count; i++) {
    await (journal.snapshotDue ? journal.snapshot({ snapshot: journal.length }) : journal.append({ i }));
  }
  await journal.close();
}

async function all(folder: string): Promise<unknown[]> {
  const records: unknown[] = [];
  for await (const { number, record } of readJournal(folder)) {
    expect(number).toBe(records.length);
    records.push(record);
  }
  return records;
}

const files = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .sort()
    .map((name) => join(folder, name));

async function withJournal<Result>(
  folder: string,
  use: (journal: Journal) => Promise<Result>,
): Promise<Result> {
  const journal = await openJournal({ folder });
  try {
    return await use(journal);
  } finally {
    await journal.close();
  }
}

test("records come back as they were written, numbers to the bit, in the order of the calls", async () => {
  const folder = temporaryFolder();
  const records = [
    { x: 0.1 + 0.2, y: [1e-320, -1.7976931348623157e308], s: "ü\n\u2028" },
    null,
    [],
    5,
    { z: { w: true } },
  ];
  await withJournal(folder, async (journal) => {
    const numbers = await Promise.all(records.map((record) => journal.append(record)));
    expect(numbers).toEqual([0, 1, 2, 3, 4]);
  });
  expect(await all(folder)).toEqual(records);
  await withJournal(folder, async (journal) => {
    expect((await journal.tail()).map(({ record }) => record)).toEqual(records);
    expect(journal.length).toBe(5);
    expect(journal.cut).toBeUndefined();
  });
});

test("an entry is on the disk when its call resolves", async () => {
  const folder = temporaryFolder();
  await withJournal(folder, async (journal) => {
    for (let i = 0; i < 5; i++) {
      await journal.append({ i });
      expect((await all(folder)).length).toBe(i + 1);
    }
  });
});

test("cut off at any byte, the journal opens with all entries before, tells of the cut, and goes on", async () => {
  const whole = temporaryFolder();
  await written(whole, 6);
  const content = readFileSync(files(whole)[0]!);
  const ends = Array.from(content.keys()).filter((i) => content[i] === 10);
  for (let bytes = ends[0]! + 1; bytes < content.length; bytes++) {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "000000000000.jsonl"), content.subarray(0, bytes));
    const complete = ends.filter((end) => end < bytes).length - 1;
    await withJournal(folder, async (journal) => {
      expect(journal.length).toBe(complete);
      const rest = bytes - ends[complete]! - 1;
      expect(journal.cut?.bytes ?? 0).toBe(rest);
      if (rest > 0) expect(journal.cut!.line).toBe(complete + 2);
      await journal.append("on");
    });
    expect(await all(folder)).toEqual([...Array.from({ length: complete }, (_, i) => ({ i })), "on"]);
  }
});

test("a flipped bit in any byte is found and refused with file and line; without its newline the last line was not finished", async () => {
  const whole = temporaryFolder();
  await written(whole, 4);
  const content = readFileSync(files(whole)[0]!);
  for (let at = 0; at < content.length; at++) {
    const folder = temporaryFolder();
    const damaged = Buffer.from(content);
    damaged[at]! ^= 1 << (at % 8);
    const path = join(folder, "000000000000.jsonl");
    writeFileSync(path, damaged);
    const line = content.subarray(0, at).filter((byte) => byte === 10).length + 1;
    if (at === content.length - 1) {
      await withJournal(folder, async ({ cut }) => expect(cut).toMatchObject({ line: 5 }));
    } else {
      await expect(openJournal({ folder }), `byte ${at}`).rejects.toThrow(`${path}, line ${line}: damaged`);
    }
  }
});

test("the snapshot with which a file begins is never cut: without it nothing could be understood", async () => {
  const folder = temporaryFolder();
  await written(folder, 6, 5);
  const path = files(folder)[1]!;
  for (const damage of [-1, -2]) {
    const content = readFileSync(path);
    truncateSync(path, content.length + damage);
    await expect(openJournal({ folder })).rejects.toThrow(`${path}, line 2: damaged, expected a snapshot`);
    writeFileSync(path, content);
  }
});

test("zeros that a file system leaves after a loss of power are cut", async () => {
  const folder = temporaryFolder();
  await written(folder, 3);
  appendFileSync(files(folder)[0]!, Buffer.alloc(4096));
  await withJournal(folder, async (journal) => {
    expect(journal.cut).toMatchObject({ line: 5, bytes: 4096 });
    expect(journal.length).toBe(3);
  });
});

test("lines that were removed, repeated, exchanged or edited with a fresh check are refused", async () => {
  const folder = temporaryFolder();
  await written(folder, 6);
  const path = files(folder)[0]!;
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  const refuse = async (edited: readonly string[], line: number) => {
    writeFileSync(path, `${edited.join("\n")}\n`);
    await expect(openJournal({ folder })).rejects.toThrow(`line ${line}: damaged, expected entry`);
  };
  const [header, a, b, c, ...rest] = lines as [string, string, string, string, ...string[]];
  await refuse([header, a, c, ...rest], 3);
  await refuse([header, a, b, b, c, ...rest], 4);
  await refuse([header, a, c, b, ...rest], 3);
  await refuse([header, a, b, c.replace('{"i":2}', '{"i":7}'), ...rest], 4);
});

test("a second writer is refused while the first is there", async () => {
  const folder = temporaryFolder();
  await withJournal(folder, async () => {
    await expect(openJournal({ folder })).rejects.toThrow(`process ${process.pid} is writing there`);
  });
  await withJournal(folder, async (journal) => journal.append(1));
});

test("each snapshot begins a file, from which alone the journal is opened; all files together are one chain", async () => {
  const folder = temporaryFolder();
  await written(folder, 23, 5);
  expect(files(folder).length).toBe(5);
  expect((await all(folder)).length).toBe(23);
  await withJournal(folder, async (journal) => {
    expect((await journal.tail()).map(({ record }) => record)).toEqual([
      { snapshot: 20 },
      { i: 21 },
      { i: 22 },
    ]);
  });
  const counts: number[] = [];
  for await (const entries of readBackwards(folder)) counts.push(entries.length);
  expect(counts).toEqual([3, 5, 5, 5, 5]);
  rmSync(files(folder)[1]!);
  await expect(all(folder)).rejects.toThrow(
    "expected to continue at entry 5, got 10; a file is missing or another's",
  );
});

test("whatever sizes records have and wherever the file ends, nothing but whole records is read, in order", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue(), { minLength: 1, maxLength: 12 }),
      fc.nat(),
      async (records, cut) => {
        const folder = temporaryFolder();
        await withJournal(folder, async (journal) => {
          for (const record of records) await journal.append(record);
        });
        const path = files(folder)[0]!;
        const size = readFileSync(path).length;
        const header = readFileSync(path).indexOf(10) + 1;
        truncateSync(path, header + (cut % (size - header + 1)));
        await withJournal(folder, async (journal) => {
          const kept = (await journal.tail()).map(({ record }) => record);
          expect(kept).toEqual(
            records.slice(0, kept.length).map((record) => JSON.parse(JSON.stringify(record))),
          );
        });
      },
    ),
    { numRuns: 40, seed: 1 },
  );
});

test("a number that JSON does not hold is refused, and so is all that follows a failed write", async () => {
  await withJournal(temporaryFolder(), async (journal) => {
    await expect(journal.append({ price: Number.NaN })).rejects.toThrow(
      "price of a record: expected a finite number or null, got NaN",
    );
    await expect(journal.append({ price: 1 })).rejects.toThrow(
      "an earlier write failed, open the journal anew",
    );
  });
});

test("a link or a pipe with the name of a journal's file is refused, and what a link points to stays as it is", async () => {
  const folder = temporaryFolder();
  const target = join(temporaryFolder(), "precious");
  writeFileSync(target, "precious");
  for (const put of [
    (path: string) => symlinkSync(target, path),
    (path: string) => void execFileSync("mkfifo", [path]),
  ]) {
    const path = join(folder, "000000000000.jsonl");
    put(path);
    await expect(openJournal({ folder })).rejects.toThrow(
      /000000000000.jsonl: expected a file of the journal/,
    );
    rmSync(path);
  }
  expect(readFileSync(target, "utf8")).toBe("precious");
  await (await openJournal({ folder })).close();
});
