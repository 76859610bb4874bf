/** Thirty days of one-minute candles of four symbols through the live stream, with faults; `SOAK_DAYS` sets another number. */
import { bench, describe } from "vitest";
import { key } from "../../lib/core/random.js";
import { type SoakReport, soak } from "../../test/market/stream/soak.js";

const DAYS = Number(process.env.SOAK_DAYS ?? 30);
const SYMBOLS = ["BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT"];
const expected = 1440 * DAYS * SYMBOLS.length;

function told({
  exact,
  wrong,
  seconds,
  residentMib,
  rejections,
  openSockets,
  counts,
  faults,
}: SoakReport): string {
  const sum = Object.values(faults).reduce((total, n) => total + n, 0);
  return [
    `${DAYS} days of ${SYMBOLS.length} symbols: ${exact} of ${expected} candles once and exact, ${wrong} wrong, in ${seconds.toFixed(0)} s`,
    `  resident at the start and each quarter: ${residentMib.map((mib) => mib.toFixed(0)).join(", ")} MiB`,
    `  ${rejections} unhandled rejections, ${openSockets} sockets left open`,
    `  ${sum} times something went wrong: ${JSON.stringify(faults)}`,
    `  ${JSON.stringify(counts)}`,
  ].join("\n");
}

describe("soak", () => {
  const work = async (): Promise<void> => {
    const report = await soak({ symbols: SYMBOLS, minutes: 1440 * DAYS, key: key("soak"), share: 0.02 });
    console.log(told(report));
    if (report.exact !== expected || report.wrong > 0)
      throw new Error("expected every candle once and exact");
  };
  const once = { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0, throws: true };
  bench(`${DAYS} days with faults`, work, once);
});
