/** One function names instruments: commands, snapshots and the exchange's doors read the same names. */
import { expect, test } from "vitest";
import { nearNames } from "../../lib/market/bybit/nearNames.js";
import { instrumentOf } from "../../lib/market/bybit/symbol.js";
import { seriesOf } from "../../lib/market/store/series.js";

test.each([
  ["BTCUSDT", "BTCUSDT", "linear"],
  ["BTCUSD", "BTCUSD", "inverse"],
  ["BTCUSDZ25", "BTCUSDZ25", "inverse"],
  ["ETHUSDH26", "ETHUSDH26", "inverse"],
  ["BTCPERP", "BTCPERP", "linear"],
  ["BTC-26DEC25", "BTC-26DEC25", "linear"],
  ["BTC/USDT", "BTCUSDT", "spot"],
  ["BTC/USDT:USDT", "BTCUSDT", "linear"],
  ["BTC/USD:BTC", "BTCUSD", "inverse"],
])("%s is %s, a market of category %s, at every door", (name, symbol, category) => {
  expect(instrumentOf(name)).toEqual({ symbol, category });
  expect(seriesOf({ symbol: name, interval: "1h" })).toEqual({ symbol, category, interval: "60" });
  expect(seriesOf({ symbol: name, interval: "60" })).toEqual({ symbol, category, interval: "60" });
});

test("a category that is given decides for a plain name and must agree with the other", () => {
  expect(seriesOf({ symbol: "BTCUSDT", interval: "1d", category: "spot" })).toEqual({
    symbol: "BTCUSDT",
    category: "spot",
    interval: "D",
  });
  expect(() => seriesOf({ symbol: "BTC/USDT", interval: "D", category: "linear" })).toThrow(
    "is a market of category spot",
  );
  expect(() => seriesOf({ symbol: "BTCUSDT", interval: "D", category: "option" })).toThrow(
    'expected the category spot, linear, inverse, got "option"',
  );
});

test("a name without the units of its contract is told the one with them first", () => {
  const listed = [
    "BTCUSDT",
    "SPELLUSDT",
    "PEOPLEUSDT",
    "1000PEPEUSDT",
    "XPUSDT",
    "SHIB1000USDT",
    "1000BONKUSDT",
  ];
  expect(nearNames("PEPEUSDT", listed)[0]).toBe("1000PEPEUSDT");
  expect(nearNames("SHIBUSDT", listed)[0]).toBe("SHIB1000USDT");
  expect(nearNames("10000PEPEUSDT", listed)[0]).toBe("1000PEPEUSDT");
});
