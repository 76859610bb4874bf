/** Names that become paths: none leads out of the folder, whoever wrote it, and nothing is written through a link. */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeNew, writeWhole } from "../../lib/core/files.js";
import { fileOf, folderOf, type Series } from "../../lib/market/store/series.js";
import { openStore } from "../../lib/market/store/store.js";
import { temporaryFolder } from "./storeFixtures.js";

const HOSTILE = [
  "../../../outside",
  "..",
  ".",
  "",
  "/etc",
  "A/../B",
  "BTC\0USDT",
  "BTCUSDT\n",
  "A".repeat(65),
  "con:",
];

test.each(HOSTILE)("the symbol %j becomes no path", (symbol) => {
  const series = { category: "linear", symbol, interval: "60" } as Series;
  expect(() => folderOf(series)).toThrow("symbol: expected Bybit's own name");
});

test("neither a category, an interval nor a month that is none becomes a path", () => {
  const series = { category: "linear", symbol: "BTCUSDT", interval: "60" } as const;
  expect(() => folderOf({ ...series, category: ".." as "linear" })).toThrow("expected the category");
  expect(() => folderOf({ ...series, interval: "../.." as "60" })).toThrow("interval: expected one of");
  expect(() => fileOf(series, "../../2024-01")).toThrow(
    'expected a month such as 2024-03, got "../../2024-01"',
  );
});

test("a manifest whose symbol leads outside is damaged, and what lies there stays as it is", async () => {
  const root = temporaryFolder();
  const folder = join(root, "a", "store");
  const outside = join(root, "a", "outside", "60");
  mkdirSync(outside, { recursive: true });
  mkdirSync(folder, { recursive: true });
  const target = join(outside, "2024-01.parquet");
  writeFileSync(target, "precious");
  const file = {
    ...{ month: "2024-01", rows: 1, first: 0, last: 0, sha256: "0".repeat(64), complete: true, gaps: [] },
  };
  const series = {
    ...{ category: "linear", symbol: "../../../outside", interval: "60", stepMs: 3_600_000, rows: 1 },
    ...{ first: 0, last: 0, gaps: [], asked: [], lost: [], files: [file] },
  };
  expect(join(folder, "bybit", series.category, series.symbol, "60")).toBe(outside);
  writeFileSync(
    join(folder, "manifest.json"),
    JSON.stringify({ version: 1, source: "bybit", series: [series] }),
  );
  const store = await openStore(folder);
  expect(store.damaged.join()).toContain("the manifest is damaged");
  expect(store.manifest().series).toEqual([]);
  await store.close();
  expect(readFileSync(target, "utf8")).toBe("precious");
  expect(readdirSync(outside)).toEqual(["2024-01.parquet"]);
});

test("a link within the store is not followed when temporary files are removed", async () => {
  const [folder, outside] = [temporaryFolder(), temporaryFolder()];
  mkdirSync(join(folder, "bybit", "linear"), { recursive: true });
  const stray = join(outside, "2024-01.parquet.99999.part");
  writeFileSync(stray, "another's");
  symlinkSync(outside, join(folder, "bybit", "linear", "BTCUSDT"));
  await (await openStore(folder)).close();
  expect(existsSync(stray)).toBe(true);
});

test("a file in the making has a name that nobody can guess, and is written through no link", async () => {
  const folder = temporaryFolder();
  const [path, target] = [join(folder, "result.json"), join(folder, "precious")];
  writeFileSync(target, "precious");
  symlinkSync(target, `${path}.${process.pid}.part`); // the name of earlier versions
  symlinkSync(target, path);
  const names = new Set<string>();
  const watching = watch(folder, (_, name) => {
    if (name?.endsWith(".part")) names.add(name);
  });
  for (let i = 0; i < 5; i++) await writeWhole(path, `content ${i}`);
  await expect.poll(() => names.size, { timeout: 5000 }).toBeGreaterThanOrEqual(5);
  watching.close();
  for (const name of names) expect(name).toMatch(/^result\.json\.\d+\.[0-9a-f]{16}\.part$/);
  expect(readFileSync(target, "utf8")).toBe("precious");
  expect(readFileSync(path, "utf8")).toBe("content 4");
  const link = join(folder, "link");
  symlinkSync(target, link);
  await expect(writeNew(link, "x")).rejects.toMatchObject({ code: "EEXIST" });
  expect(readFileSync(target, "utf8")).toBe("precious");
});
