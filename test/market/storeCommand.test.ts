/** `npm run data`: its arguments, its progress, its report. */
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { root, script } from "../scripts/project.js";
import { at } from "./storeFixtures.js";

interface Options {
  symbols: string[];
  interval: string;
  category: string;
  since: number;
  until: number;
  folder: string;
  restUrl?: string;
  refetch: boolean;
  json: boolean;
  help?: boolean;
}
interface Context {
  now: number;
  env?: Record<string, string>;
}
type Stream = { isTTY: boolean; columns: number; write(text: string): void };
type Step = { symbol: string; done: number; total: number };

interface Arguments {
  parseArguments(args: string[], context: Context): Options;
}
interface Progress {
  showProgress(options: { stream: Stream; clock: () => number }): { update(step: Step): void; end(): void };
  progressLine(parts: { done: number; total: number }[], elapsedMs: number): string;
}

let [commandLine, progress] = [{} as Arguments, {} as Progress];
let report: { reportLines(reports: object[]): string[] };

beforeAll(async () => {
  commandLine = await script("data/arguments.mjs");
  progress = await script("data/progress.mjs");
  report = await script("data/report.mjs");
});

const now = at("2025-06-01T00:00");
const parse = (line: string, env = {}) =>
  commandLine.parseArguments(line.split(" ").filter(Boolean), { now, env });
const good = "--symbols BTCUSDT,ETHUSDT --interval 60 --since 2024-01-01";

test("a command line is read with its defaults", () => {
  expect(parse(good)).toEqual({
    symbols: ["BTCUSDT", "ETHUSDT"],
    interval: "60",
    category: undefined,
    since: at("2024-01-01T00:00"),
    until: now,
    folder: join(root, "data"),
    restUrl: undefined,
    refetch: false,
    json: false,
  });
  const more = `${good} --until 2024-02-01T12:30 --category spot --out there --rest-url http://127.0.0.1:80/ --refetch --json`;
  expect(parse(more, { INIT_CWD: "/somewhere" })).toMatchObject({
    until: at("2024-02-01T12:30"),
    category: "spot",
    folder: "/somewhere/there",
    restUrl: "http://127.0.0.1:80",
    refetch: true,
    json: true,
  });
  expect(parse("--help").help).toBe(true);
});

test("a wrong argument says what was expected and what came", () => {
  const wrong = [
    ["--interval 60 --since 2024-01-01", "--symbols: expected a value, got none"],
    [`${good} --untill 2025-01-01`, "Unknown option '--untill'"],
    [`${good} more`, "Unexpected argument 'more'"],
    [good.replace("ETHUSDT", "BTCUSDT"), "--symbols: expected each once, got BTCUSDT twice"],
    [good.replace("2024-01-01", "2024-02-30"), "--since: expected a time such as 2024-01-01"],
    [good.replace("2024-01-01", "yesterday"), "got yesterday"],
    [`${good} --until 2024-01-01`, "--since: expected a time before 2024-01-01T00:00:00.000Z"],
    [
      `${good} --rest-url example`,
      "--rest-url: expected an address such as http://127.0.0.1:8080, got example",
    ],
  ] as const;
  for (const [line, message] of wrong) expect(() => parse(line), line).toThrow(message);
});

test("the progress line tells share, rate and time left of all symbols together", () => {
  const parts = [
    { done: 9000, total: 10_000 },
    { done: 3000, total: 10_000 },
  ];
  expect(progress.progressLine(parts, 5000)).toMatch(
    /^█{14}░{10} 60 % · 12,000 of 20,000 bars · 2,400 bars\/s · 3 s left$/,
  );
  expect(progress.progressLine([{ done: 10, total: 100_000 }], 1000)).toMatch(/2\.8 h left$/);
  expect(progress.progressLine([], 0)).toContain("100 %");
});

test("a terminal gets one line in place, a log gets plain lines now and then", () => {
  for (const isTTY of [true, false]) {
    let [text, time] = ["", 0];
    const write = (piece: string) => {
      text += piece;
    };
    const shown = progress.showProgress({ stream: { isTTY, columns: 60, write }, clock: () => time });
    for (; time <= 25_000; time += 500) shown.update({ symbol: "BTCUSDT", done: time, total: 25_000 });
    shown.end();
    const pieces = isTTY ? text.split("\r\x1b[2K").slice(1) : text.split("\n").slice(0, -1);
    expect(text.includes("\n")).toBe(!isTTY);
    expect(pieces.length).toBe(isTTY ? 52 : 2);
    if (isTTY) expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(60);
  }
});

test("the report is a line a series, in columns", () => {
  const row = {
    symbol: "BTCUSDT",
    interval: "60",
    category: "linear",
    fetched: 5,
    rows: 8784,
    missing: 8,
    files: 12,
  };
  expect(report.reportLines([row])).toEqual([
    "symbol   interval  category  fetched  rows  missing  files",
    "BTCUSDT  60        linear          5  8784        8     12",
  ]);
  expect(report.reportLines([])).toEqual([]);
});
