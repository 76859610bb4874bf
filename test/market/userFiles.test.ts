/** Files of bars as users have them: read to the same bars, with a line that says what was recognised, or refused by line. */

import { createWriteStream, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { Bars } from "../../lib/core/types.js";
import { checkBars } from "../../lib/market/bars.js";
import { readFolder } from "../../lib/market/files/folder.js";
import { temporaryFolder } from "../live/paperFixtures.js";
import { fuzz } from "../support/fuzz.js";
import { csv, HEADER, HOUR, type Row, save, type Written, walk } from "./cases.js";

const folder = temporaryFolder();
const NOW = Date.UTC(2026, 0, 1);
const rows = walk();

async function read(own: string, symbol = "BTCUSDT"): Promise<{ bars: Bars; said: string[] }> {
  const said: string[] = [];
  const [bars] = await readFolder(own, [symbol], { now: NOW, say: (line) => said.push(line) });
  return { bars: bars!, said };
}

const plain = async () => (await read(save(folder, "plain", csv(rows)))).bars;

const decimals: Written = { separator: ";", header: HEADER.replaceAll(",", ";") };
const recognised: [name: string, text: string, said: RegExp | undefined, file?: string][] = [
  ["crlf", csv(rows, { end: "\r\n" }), undefined],
  ["scientific", csv(rows, { number: (x) => x.toExponential() }), undefined],
  ["float time", csv(rows, { time: (t) => `${t}.0` }), undefined],
  ["blank end", `${csv(rows)}\n\n`, undefined],
  ["mark", `\ufeff${csv(rows)}`, /byte order mark/],
  ["semicolon", csv(rows, decimals), /parted by semicolons/],
  ["tab", csv(rows, { separator: "\t", header: HEADER.replaceAll(",", "\t") }), /parted by tabs/],
  [
    "comma",
    csv(rows, { ...decimals, number: (x) => String(x).replace(".", ",") }),
    /semicolons; decimal commas/,
  ],
  ["quotes", csv(rows, { number: (x) => `"${x}"` }), /numbers in quotes/],
  ["capitals", csv(rows, { header: "Timestamp,Open,High,Low,Close,Volume" }), /header in capitals/],
  [
    "more",
    csv(rows).replaceAll(/$/gm, ",1").replace(`${HEADER},1`, `${HEADER},turnover`).replace(/,1$/, ""),
    /turnover left out/,
  ],
  ["none", csv(rows, { header: "" }), /no header, read as timestamp,open/],
  ["dates", csv(rows, { time: (t) => new Date(t).toISOString() }), /times in ISO 8601, UTC/],
  ["days", csv(rows, { time: (t) => new Date(t).toISOString().slice(0, 16).replace("T", " ") }), /ISO 8601/],
  [
    "offset",
    csv(rows, { time: (t) => new Date(t + 2 * HOUR).toISOString().replace(".000Z", "+02:00") }),
    /ISO 8601/,
  ],
  ["seconds", csv(rows, { time: (t) => t / 1000 }), /times in seconds/],
  ["micros", csv(rows, { time: (t) => t * 1000 }), /times in microseconds/],
  ["nanos", csv(rows, { time: (t) => `${t}000000` }), /times in nanoseconds/],
  ["turning", csv(rows, { time: (t, i) => (i < 700 ? t : t * 1000) }), /times in microseconds from line 702/],
  ["unpacked", csv(rows), /BTCUSDT\.csv: not packed/, "BTCUSDT.csv"],
  ["small", csv(rows), /btcusdt\.csv\.gz: read for BTCUSDT/, "btcusdt.csv.gz"],
  ["turned", csv([...rows].reverse()), /1499 rows out of order, sorted/],
  ["twice", csv([...rows.slice(0, 500), rows[499]!, ...rows.slice(500)]), /1 row repeated, dropped/],
];

test.each(recognised)(
  "%s: the same bars, and what was recognised is said",
  async (name, text, said, file) => {
    const found = await read(save(folder, name, text, file));
    const whole = await plain();
    expect(found.bars).toEqual(whole);
    if (said) expect(found.said.join("\n")).toMatch(said);
    else expect(found.said).toEqual([]);
    expect(found.said.length).toBeLessThan(2);
  },
);

test.each(["", "nan", "NaN", "null"])('a row whose prices are "%s" is a hole', async (nothing) => {
  const lines = csv(rows).split("\n");
  lines[500] = `${rows[499]![0]},${[nothing, nothing, nothing, nothing].join(",")},0`;
  const { bars, said } = await read(save(folder, "hole", lines.join("\n")));
  expect(bars.openTime).toEqual(
    Float64Array.from(
      rows.filter((_, i) => i !== 499),
      ([time]) => time,
    ),
  );
  expect(said).toEqual(["BTCUSDT.csv.gz: 1 row without prices left as holes"]);
});

const one = (change: (row: Row) => Row): string => csv(rows.map((row, i) => (i === 500 ? change(row) : row)));
const refused: [name: string, text: string | Uint8Array, said: string][] = [
  [
    "the year 2100",
    csv(walk(1500, Date.UTC(2100, 0, 1))),
    "line 2: expected a time from 2009 to 2026-01-02T00:00Z, got 4102444800000, which is 2100-01-01",
  ],
  ["1970", csv(walk(1500, 1000)), "line 2: expected a time from 2009"],
  [
    "a day that is not there",
    csv(rows, { time: (t, i) => (i === 3 ? "2025-02-30T00:00Z" : new Date(t).toISOString()) }),
    "line 5: expected a time from 2009",
  ],
  ["half milliseconds", csv(rows, { time: (t) => t * 1000 + 500 }), "line 2: expected whole milliseconds"],
  [
    "a negative price",
    one(([t, , h, , , v]) => [t, -37, h, -40, -37, v]),
    "line 502: expected a positive open, got -37",
  ],
  [
    "a price of zero",
    one(([t, , h, , c, v]) => [t, 0, h, 0, c, v]),
    "line 502: expected a positive open, got 0",
  ],
  [
    "two bars of one time",
    csv([...rows.slice(0, 500), [...rows[499]!.slice(0, 5), 7] as Row, ...rows.slice(500)]),
    "lines 501 and 502: expected one bar at",
  ],
  [
    "months",
    csv(rows.slice(0, 6), { time: (_, i) => Date.UTC(2024, i, 1) }),
    "got months; take days or weeks",
  ],
  ["one bar", csv(rows.slice(0, 1)), "expected at least two bars, got 1"],
  ["a header alone", `${HEADER}\n`, "expected at least two bars, got 0"],
  ["nothing", "", "line 1: expected the columns timestamp,open,high,low,close,volume, got an empty file"],
  ["no gzip", Buffer.from(csv(rows)), "not a sound gzip file"],
  ["a part of a gzip", gzipSync(csv(rows)).subarray(0, -40), "the file is truncated"],
  [
    "UTF-16",
    `${Buffer.from("\ufefftimestamp", "utf16le").toString("latin1")}`,
    "line 1: expected the columns",
  ],
];

test.each(refused)("%s is refused with file and line", async (name, text, said) => {
  await expect(read(save(folder, name, text))).rejects.toThrow(`BTCUSDT.csv.gz`);
  await expect(read(join(folder, name))).rejects.toThrow(said);
});

test("too few bars are refused with the number that is needed", async () => {
  const own = save(folder, "ten", csv(rows.slice(0, 10)));
  await expect(readFolder(own, ["BTCUSDT"], { least: 1234 })).rejects.toThrow(
    "BTCUSDT.csv.gz: expected at least 1,234 bars, got 10",
  );
});

test("a file that unpacks without end is refused by name while little of it is in memory", async () => {
  const before = process.memoryUsage().rss;
  const fill = async (name: string, piece: string, pieces: number): Promise<string> => {
    const own = save(folder, name, "");
    const text = function* () {
      yield `${HEADER}\n`;
      for (let i = 0; i < pieces; i++) yield piece;
    };
    await pipeline(text(), createGzip({ level: 1 }), createWriteStream(join(own, "BTCUSDT.csv.gz")));
    return own;
  };
  const lines = await fill("newlines", "\n".repeat(1_000_000), 100);
  await expect(read(lines)).rejects.toThrow("BTCUSDT.csv.gz line 1002: expected a row, got 1001 empty lines");
  const line = await fill("one line", "1".repeat(1_000_000), 100);
  await expect(read(line)).rejects.toThrow(
    "BTCUSDT.csv.gz line 2: expected at most 4096 characters, got more",
  );
  expect(process.memoryUsage().rss - before).toBeLessThan(300e6);
});

test("no damage to a packed file is read as something else, and a plain one is read to sound bars or refused", async () => {
  const text = csv(walk(60));
  const own = save(folder, "damaged", text);
  const whole = (await read(own)).bars;
  const at = (file: string) => async (bytes: Uint8Array) => {
    writeFileSync(join(own, `${file}.csv${file === "PACKED" ? ".gz" : ""}`), bytes);
    return (await readFolder(own, [file], { now: NOW }))[0]!;
  };
  const equal = (found: Bars): boolean => {
    expect({ ...found, symbol: whole.symbol }).toEqual(whole);
    return true;
  };
  const sound = (found: Bars): boolean => {
    checkBars(found); // text has no checksum
    return found.openTime.every((time) => time > Date.UTC(2009, 0, 1) && time < NOW);
  };
  const packed = {
    name: "csv.gz",
    bytes: readFileSync(join(own, "BTCUSDT.csv.gz")),
    read: at("PACKED"),
    same: equal,
    names: "PACKED.csv.gz",
  };
  const unpacked = {
    name: "csv",
    bytes: Buffer.from(text),
    read: at("PLAIN"),
    same: sound,
    names: "PLAIN.csv",
  };
  for (const kind of [packed, unpacked])
    expect(await fuzz(kind), kind.name).toMatchObject({ silent: [], crashed: [] });
});
