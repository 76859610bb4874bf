/** Files that users name: what is no file is refused at once, whatever has its name and whoever reads it. */
import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readModel } from "../../lib/cli/tasks/fits/modelFile.js";
import { readSettings } from "../../lib/cli/tasks/fits/settings.js";
import { readForecasts } from "../../lib/cli/tasks/forecastsFile.js";
import { readDataset } from "../../lib/cli/tasks/sources/datasetFile.js";
import { openToRead, readWhole } from "../../lib/core/files.js";
import { openJournal, readJournal } from "../../lib/live/journal/journal.js";
import { readFolder } from "../../lib/market/files/folder.js";
import { writeManifest } from "../../lib/market/store/manifest.js";
import { extendMonth } from "../../lib/market/store/months.js";
import { readSnapshotBars } from "../../lib/market/store/snapshot.js";
import { openStore } from "../../lib/market/store/store.js";
import { readArrays } from "../../lib/nn/training/fit.js";
import { makeBars } from "../market/storeFixtures.js";

let folder: string;
let server: Server;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "vitrade-files-"));
  server = createServer();
  await new Promise<void>((done) => server.listen(join(folder, "listening"), done));
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Entries that a read would wait for, or would never come to the end of, and their names in words. */
const KINDS: Readonly<Record<string, (path: string) => unknown>> = {
  "a pipe": (path) => execFileSync("mkfifo", [path]),
  "a socket": (path) => symlinkSync(join(folder, "listening"), path),
  "a device": (path) => symlinkSync("/dev/zero", path),
};

let made = 0;

/** Puts the entry at a new path, or at the file's place. */
function put(kind: string, path = join(folder, `entry ${made++}`)): string {
  rmSync(path, { force: true });
  KINDS[kind]!(path);
  return path;
}

const SERIES = { category: "linear", symbol: "BTCUSDT", interval: "60" } as const;

/** A snapshot of one month, and the path of its file. */
async function snapshot(): Promise<{ readonly store: string; readonly month: string }> {
  const store = join(folder, `store ${made++}`);
  mkdirSync(store);
  const bars = makeBars({ from: Date.UTC(2024, 2, 1), count: 48 });
  const file = await extendMonth(store, SERIES, bars, undefined);
  const until = file.last + 3_600_000;
  const entry = { ...SERIES, stepMs: 3_600_000, rows: 48, first: file.first, last: file.last, gaps: [] };
  const asked = [{ since: file.first, until }];
  await writeManifest(store, {
    ...{ version: 1, source: "bybit" },
    series: [{ ...entry, asked, lost: [], files: [file] }],
  });
  const month = join(store, "bybit", "linear", "BTCUSDT", "60", "2024-03.parquet");
  return { store, month };
}

/** Every door that reads what a user names, and how it comes to an entry of that kind. */
const DOORS: Readonly<Record<string, (kind: string) => Promise<unknown>>> = {
  "a whole file": async (kind) => readWhole(put(kind)),
  "an open file": async (kind) => openToRead(put(kind)),
  settings: async (kind) => readSettings(put(kind)),
  forecasts: async (kind) => readForecasts(put(kind)),
  "a dataset": async (kind) => readDataset(put(kind)),
  "a model": async (kind) => readModel(put(kind)),
  "a checkpoint": async (kind) => readArrays(put(kind)),
  "a manifest": async (kind) => {
    const { store } = await snapshot();
    put(kind, join(store, "manifest.json"));
    return readSnapshotBars(store, ["BTCUSDT"], "60");
  },
  "a month of a snapshot": async (kind) => {
    const { store, month } = await snapshot();
    put(kind, month);
    return readSnapshotBars(store, ["BTCUSDT"], "60");
  },
  ...Object.fromEntries(
    ["csv", "csv.gz"].map((suffix) => [
      `bars as ${suffix}`,
      async (kind: string) => {
        const market = join(folder, `market ${made++}`);
        mkdirSync(market);
        put(kind, join(market, `BTCUSDT.${suffix}`));
        return readFolder(market, ["BTCUSDT"]);
      },
    ]),
  ),
};

test.each(Object.keys(DOORS).flatMap((door) => Object.keys(KINDS).map((kind) => [door, kind] as const)))(
  "of %s, %s is refused by name and at once",
  async (door, kind) => {
    await expect(DOORS[door]!(kind)).rejects.toThrow(
      new RegExp(`^/.*: expected a file, got ${kind}; write `),
    );
  },
  5000,
);

test.each(Object.keys(KINDS))(
  "a journal's file that is %s is refused, by who writes and who reads",
  async (kind) => {
    const journal = join(folder, `journal ${made++}`);
    await (await openJournal({ folder: journal })).close();
    put(kind, join(journal, "000000000000.jsonl"));
    await expect(openJournal({ folder: journal })).rejects.toThrow("expected a file of the journal");
    await expect(readJournal(journal).next()).rejects.toThrow("expected a file of the journal");
  },
  5000,
);

test.each(Object.keys(KINDS))(
  "a store whose manifest and month are %s puts them aside and opens",
  async (kind) => {
    const { store, month } = await snapshot();
    for (const path of [join(store, "manifest.json"), month]) put(kind, path);
    const opened = await openStore(store);
    await opened.close();
    expect(opened.damaged).toEqual([
      expect.stringContaining(`manifest.json: expected a file, got ${kind}`),
      expect.stringContaining(`2024-03.parquet: expected a file, got ${kind}`),
    ]);
  },
  5000,
);

test("a file behind a link is read, and a folder is refused as one", async () => {
  const [file, link] = [join(folder, "file"), join(folder, "link")];
  writeFileSync(file, "text");
  symlinkSync(file, link);
  expect((await readWhole(link)).toString()).toBe("text");
  await expect(readWhole(folder)).rejects.toMatchObject({ code: "EISDIR", path: folder });
});

/** Files of the package itself, and of the system, which no user names. */
const OWN = [
  "core/files.ts",
  "cli/report/page.ts",
  "core/versions.ts",
  "nn/kernels/machine.ts",
  "plot/draw/font.ts",
  "plot/draw/window.ts",
  "market/store/lock.ts",
];

test("no other file of the library opens a file for reading", () => {
  const root = resolve(__dirname, "../../lib");
  const names = readdirSync(root, { recursive: true, encoding: "utf8" });
  const sources = names.filter((name) => /^(?!dist|node_modules).*\.ts$/.test(name) && !OWN.includes(name));
  expect(sources.length).toBeGreaterThan(300);
  const reading = sources.filter((name) =>
    /import \{[^}]*\b(readFile|readFileSync|createReadStream|openSync|openAsBlob)\b[^}]*\} from "node:fs/.test(
      readFileSync(join(root, name), "utf8"),
    ),
  );
  expect(reading).toEqual([]);
});
