/** Parquet files whose seal is right and whose claims are not: refused by name, before anything is unpacked. */
import { expect, test } from "vitest";
import type { Bars } from "../../lib/core/types.js";
import { decodeBars, encodeBars, fileFault } from "../../lib/market/store/parquet.js";
import { seal, UNSEALED } from "../../lib/market/store/seal.js";
import type { Series } from "../../lib/market/store/series.js";
import { damages, FUZZ, isOurs } from "../support/fuzz.js";
import { DAY, HOUR, makeBars } from "./storeFixtures.js";

const series: Series = { category: "linear", symbol: "BTCUSDT", interval: "1" };
const MONTH = { mostRows: 44_640 };
const START = Date.UTC(2024, 2, 1);

/** A file of equal rows, and what it claims of itself under a right seal. */
async function lying(
  rows: number,
  groups: (rows: number) => { rows: bigint; all: bigint },
): Promise<Uint8Array> {
  const { ByteWriter, ParquetWriter } = await import("hyparquet-writer");
  const kvMetadata = [
    { key: "vitrade.series", value: JSON.stringify(series) },
    { key: "vitrade.seal", value: UNSEALED },
  ];
  const column = (name: string, value: number) => ({
    name,
    type: "DOUBLE" as const,
    nullable: false,
    data: new Float64Array(rows).fill(value),
  });
  const columnData = [
    {
      name: "open_time",
      type: "TIMESTAMP" as const,
      nullable: false,
      data: new BigInt64Array(rows).fill(BigInt(START)),
    },
    ...["open", "high", "low", "close", "volume"].map((name) => column(name, 1)),
  ];
  const writer = new ByteWriter();
  const file = new ParquetWriter({
    writer,
    schema: [
      { name: "root", num_children: columnData.length },
      ...columnData.map(({ name, type }) =>
        type === "TIMESTAMP"
          ? {
              name,
              type: "INT64" as const,
              converted_type: "TIMESTAMP_MILLIS" as const,
              repetition_type: "REQUIRED" as const,
            }
          : { name, type, repetition_type: "REQUIRED" as const },
      ),
    ],
    kvMetadata,
  });
  file.write({ columnData });
  const claims = groups(rows);
  const inner = file as unknown as { num_rows: bigint; row_groups: { num_rows: bigint }[] };
  inner.num_rows = claims.all;
  for (const group of inner.row_groups) group.num_rows = claims.rows;
  file.finish();
  return seal(new Uint8Array(writer.getBuffer()));
}

test.each([10n, 10n ** 12n, 0n, -1n])(
  "a file of 1,000 rows that claims %s is refused by name",
  async (all) => {
    for (const own of [all, 1000n]) {
      const bytes = await lying(1000, () => ({ rows: own, all }));
      expect(fileFault(bytes)).toBeUndefined();
      await expect(decodeBars(bytes, series, "2024-03.parquet", MONTH)).rejects.toThrow(
        /^2024-03\.parquet: (column \w+: )?expected /,
      );
    }
  },
);

test("a month has at most 44,640 minutes, and more are not unpacked", async () => {
  const bytes = await lying(200_000, (rows) => ({ rows: BigInt(rows), all: BigInt(rows) }));
  const before = process.memoryUsage().rss;
  await expect(decodeBars(bytes, series, "2024-03.parquet", MONTH)).rejects.toThrow(
    "2024-03.parquet: expected 1 to 44640 rows, got a file that claims 200000",
  );
  expect(process.memoryUsage().rss - before).toBeLessThan(50e6);
});

test("no damage under a right seal stops the process or is refused in words of the runtime", async () => {
  const bars = makeBars({ from: START, count: 48 });
  const own: Series = { ...series, interval: "60" };
  const bytes = await encodeBars(bars, own);
  const sound = (read: Bars): boolean => read.openTime.length <= 744 && read.stepMs === HOUR;
  let [refused, read] = [0, 0];
  for (const [what, damaged] of damages(bytes, FUZZ, "parquet")) {
    let sealed: Uint8Array;
    try {
      const text = Buffer.from(damaged);
      const at = text.lastIndexOf("sha256:");
      if (at >= 0) text.fill("0", at + 7, Math.min(text.length, at + 71));
      sealed = seal(text);
    } catch {
      continue; // no place for a seal: seen before it is read
    }
    try {
      const found = await decodeBars(sealed, own, "2024-03.parquet", { mostRows: 744 });
      if (!sound(found)) expect.fail(what);
      read++;
    } catch (error) {
      if (!isOurs(error, "2024-03.parquet")) expect.fail(`${what}: ${(error as Error).stack}`);
      refused++;
    }
  }
  if (process.env.FUZZ)
    process.stdout.write(`parquet under a right seal: ${refused} refused, ${read} read as sound bars\n`);
  expect(refused).toBeGreaterThan(0);
});

test("no damage to a file of candles is read", async () => {
  const bytes = await encodeBars(makeBars({ from: START, count: 31 * (DAY / HOUR) }), {
    ...series,
    interval: "60",
  });
  let unseen = 0;
  let count = 0;
  for (const [, damaged] of damages(bytes, FUZZ, "sealed parquet")) {
    count++;
    if (fileFault(damaged) === undefined) unseen++;
  }
  if (process.env.FUZZ) process.stdout.write(`parquet: ${count - unseen} refused, ${unseen} silent\n`);
  expect(unseen).toBe(0);
});
