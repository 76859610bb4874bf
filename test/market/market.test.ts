import { afterEach, expect, test, vi } from "vitest";
import { key } from "../../lib/core/random.js";
import { checkBars } from "../../lib/market/bars.js";
import { describeMarket, openMarket } from "../../lib/market/open.js";

afterEach(() => vi.unstubAllEnvs());

test("the default market is 12,000 simulated hours of three symbols from 2024 on", async () => {
  vi.stubEnv("MARKET", "");
  const market = await openMarket();
  expect(market).toMatchObject({ source: "simulated", simulated: true, stepMs: 3_600_000 });
  expect(describeMarket(market)).toEqual(
    ["BTCUSDT", "ETHUSDT", "SOLUSDT"].map((symbol) => ({
      source: "simulated",
      symbol,
      interval: "1h",
      first: "2024-01-01T00:00Z",
      last: "2025-05-14T23:00Z",
      rows: 12_000,
      gaps: 0,
    })),
  );
  for (const bars of market.bars) expect(() => checkBars(bars)).not.toThrow();
});

test("the default market is the same on every machine and in every version", async () => {
  const { bars, truth } = await openMarket({ folder: "simulated", bars: 400 });
  const [btc] = bars;
  expect([399, 399].map((t, i) => (i === 0 ? btc!.close : btc!.volume)[t])).toMatchInlineSnapshot(`
    [
      39952.40378328128,
      8501.743905143669,
    ]
  `);
  expect(truth!.mean[3 * 399]).toMatchInlineSnapshot(`0.0002733852164403419`);
});

test("a key gives its own market, and the same one twice", async () => {
  const closes = async (seed: number) =>
    Array.from((await openMarket({ folder: "simulated", bars: 50, key: key(seed) })).bars[0]!.close);
  expect(await closes(1)).toEqual(await closes(1));
  expect(await closes(1)).not.toEqual(await closes(2));
});

test("a Bybit snapshot is not there yet, and the error says what to do", async () => {
  vi.stubEnv("MARKET", "bybit");
  await expect(openMarket()).rejects.toThrow(
    /no Bybit snapshot is there; run: npm run data -- --symbols BTCUSDT/,
  );
});

test("bad queries are refused with what came", async () => {
  const ask = (query: object) => openMarket({ folder: "simulated", ...query });
  await expect(ask({ bars: 0 })).rejects.toThrow("bars: expected an integer of at least 1, got 0");
  await expect(ask({ symbols: [] })).rejects.toThrow("symbols: expected at least one");
  await expect(ask({ symbols: ["A", "B", "A"] })).rejects.toThrow("got A twice");
  await expect(ask({ symbols: ["A"], prefer: ["B"] })).rejects.toThrow("expected one of the two, got both");
  await expect(ask({ prefer: ["A"], atLeast: 2 })).rejects.toThrow("symbols: expected at least 2, got A");
});

test("the simulation has every preferred symbol", async () => {
  const prefer = ["BTCUSDT", "XYZUSDT"];
  expect((await openMarket({ folder: "simulated", prefer, atLeast: 2, bars: 50 })).symbols).toEqual(prefer);
});
