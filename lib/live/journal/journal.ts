/** A journal that only grows: what it says was said for good, whatever happens to the process that wrote it. */
import { constants } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { checkCount, readWhole, writeWhole } from "../../core/index.js";
import { acquireLock, type Lock } from "../../market/store/index.js";
import { type Chain, EMPTY_CHAIN, type Entry, entryLine, headerLine, readLines } from "./journalLines.js";

/** Options of a journal. */
export interface JournalOptions {
  /** Made where it is not there. */
  readonly folder: string;
  /** Entries after which a snapshot is due; default 1,000. */
  readonly snapshotEvery?: number;
}

/** An unfinished last line that was cut off at opening: what it told of had not been acknowledged. */
export interface Cut {
  readonly file: string;
  readonly line: number;
  readonly bytes: number;
}

/** A journal on disk: records that are appended, chained and flushed. */
export interface Journal {
  readonly folder: string;
  readonly cut: Cut | undefined;
  /** Entries in all files. */
  readonly length: number;
  /** Whether so many entries follow the last snapshot that another is due. */
  readonly snapshotDue: boolean;
  /** Writes a record; once it resolves to the number of the entry, the record is on the disk. Calls take turns. */
  append(record: unknown): Promise<number>;
  /** Begins a new file with a record from which alone all that follows can be understood. */
  snapshot(record: unknown): Promise<number>;
  /** What there is from the last snapshot on. */
  tail(): Promise<readonly Entry[]>;
  close(): Promise<void>;
}

/**
 * Opens the journal of a folder for writing, and makes it where there is none.
 * @throws Error when another process has it open, or naming file and line where it is damaged.
 */
export async function openJournal({ folder, snapshotEvery = 1000 }: JournalOptions): Promise<Journal> {
  checkCount("snapshotEvery", snapshotEvery, 2);
  await mkdir(folder, { recursive: true });
  const lock = await acquireLock(join(folder, "lock"));
  try {
    for (const name of await readdir(folder)) if (UNFINISHED.test(name)) await rm(join(folder, name));
    return journalOf(await openLast(folder), { folder, snapshotEvery, lock });
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/**
 * The entries of a journal, file by file, oldest first; of a journal that is being written, those that are finished.
 * @throws Error naming file and line where it is damaged or a file is missing.
 */
export async function* readJournal(folder: string): AsyncGenerator<Entry> {
  let chain = EMPTY_CHAIN;
  for (const path of await filesOf(folder)) {
    const { before, after, entries } = readLines(path, await readWhole(path));
    if (before.next !== chain.next || before.check !== chain.check)
      throw new Error(
        `${path}: expected to continue at entry ${chain.next}, got ${before.next}; a file is missing or another's`,
      );
    yield* entries;
    chain = after;
  }
}

/** The entries of a journal's files one file after the other, the newest file first, and in each the oldest entry first. */
export async function* readBackwards(folder: string): AsyncGenerator<readonly Entry[]> {
  for (const path of (await filesOf(folder)).reverse()) yield readLines(path, await readWhole(path)).entries;
}

/** At the end of a file that is there, and of no other to which a link may lead; a pipe is not waited for. */
const APPEND =
  constants.O_WRONLY | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** What a process that was killed left of a new file. */
const UNFINISHED = /^(?:\d{12}\.jsonl|lock)\.\d+(?:\.stale|\.[0-9a-f]{16})?\.part$/;

/** Files by the number of their first entry. @throws Error where a link, a pipe or a folder has the name of one. */
async function filesOf(folder: string): Promise<string[]> {
  const found = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => NAMED.test(name));
  const odd = found.find((entry) => !entry.isFile());
  if (odd)
    throw new Error(`${join(folder, odd.name)}: expected a file of the journal, got another kind of entry`);
  return found.map(({ name }) => join(folder, name)).sort();
}

const NAMED = /^\d{12}\.jsonl$/;

function pathOf(folder: string, { next }: Chain): string {
  return join(folder, `${String(next).padStart(12, "0")}.jsonl`);
}

/** The file that is written, where its chain stands, and where it began. */
interface Current {
  readonly path: string;
  readonly file: FileHandle;
  readonly chain: Chain;
  readonly first: number;
  readonly cut?: Cut;
}

async function openLast(folder: string): Promise<Current> {
  const path = (await filesOf(folder)).at(-1);
  if (!path) return begin(folder, EMPTY_CHAIN, "");
  const content = await readWhole(path);
  const { before, after, bytes, entries } = readLines(path, content);
  const file = await open(path, APPEND);
  const current = { path, file, chain: after, first: before.next };
  if (bytes === content.length) return current;
  await file.truncate(bytes);
  await file.sync();
  return { ...current, cut: { file: path, line: entries.length + 2, bytes: content.length - bytes } };
}

/** A new file, whole with its first lines or not there. */
async function begin(folder: string, before: Chain, lines: string, chain = before): Promise<Current> {
  const path = pathOf(folder, before);
  await writeWhole(path, headerLine(before) + lines);
  return { path, file: await open(path, APPEND), chain, first: before.next };
}

function journalOf(
  opened: Current,
  { folder, snapshotEvery, lock }: Required<JournalOptions> & { readonly lock: Lock },
): Journal {
  let current = opened;
  let turn: Promise<unknown> = Promise.resolve();
  let broken: unknown;
  const inTurn = (work: () => Promise<void>): Promise<number> => {
    const done = turn.then(async () => {
      if (broken)
        throw new Error(`${current.path}: an earlier write failed, open the journal anew`, { cause: broken });
      try {
        await work();
        return current.chain.next - 1;
      } catch (error) {
        broken = error;
        throw error;
      }
    });
    turn = done.catch(() => undefined);
    return done;
  };
  return {
    folder,
    cut: opened.cut,
    get length() {
      return current.chain.next;
    },
    get snapshotDue() {
      return current.chain.next - current.first >= snapshotEvery;
    },
    append: (record) =>
      inTurn(async () => {
        const { line, chain } = entryLine(current.chain, record);
        await current.file.appendFile(line);
        await current.file.datasync();
        current = { ...current, chain };
      }),
    snapshot: (record) =>
      inTurn(async () => {
        await lock.check();
        const { line, chain } = entryLine(current.chain, record);
        const before = current;
        current = await begin(folder, before.chain, line, chain);
        await before.file.close();
      }),
    tail: async () => readLines(current.path, await readWhole(current.path)).entries,
    async close() {
      await turn;
      await current.file.close();
      await lock.release();
    },
  };
}
