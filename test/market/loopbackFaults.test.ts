import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { key } from "../../lib/core/random.js";
import { FAULTS, type FaultKind, RECOVERABLE_FAULTS } from "../../lib/testing/faults/faults.js";
import { startLoopback } from "../../lib/testing/loopback.js";
import type { Loopback } from "../../lib/testing/types.js";
import { type Client, clientOf, HOUR, START, walk } from "./loopbackFixtures.js";

const BARS = [walk("BTCUSDT", 300), walk("ETHUSDT", 300)];

// BV-55, BV-59: error codes and rate limits
describe("each fault alone shows in ccxt's client as the table of ccxt's habits says:", () => {
  let loopback: Loopback;
  let client: Client;
  let sound: number[][];

  beforeAll(async () => {
    loopback = await startLoopback({ bars: BARS, key: key(1) });
    client = await clientOf(loopback);
    await client.loadMarkets();
    sound = await candles();
  });

  beforeEach(() => {
    client.timeout = 10_000;
  });

  afterAll(async () => {
    await client.close();
    await loopback.close();
  });

  const candles = (): Promise<number[][]> => client.fetchOHLCV("BTC/USDT:USDT", "1h", START, 100);

  const RAISED: readonly (readonly [FaultKind, string, string])[] = [
    ["truncated-body", "SocketError", "other side closed"],
    ["slow-headers", "RequestTimeout", "timed out"],
    ["reset", "NetworkError", "ECONNRESET"],
    ["rate-403", "RateLimitExceeded", "access too frequent"],
    ["geo-block", "RateLimitExceeded", "block access from your country"],
    ["http-429", "RateLimitExceeded", "429"],
    ["http-500", "ExchangeNotAvailable", "500"],
    ["http-502", "ExchangeNotAvailable", "502"],
    ["http-504", "RequestTimeout", "504"],
    ["code-10000", "ExchangeError", "Server Timeout"],
    ["code-10001", "BadRequest", "params error"],
    ["code-10006", "RateLimitExceeded", "Too many visits"],
    ["code-10016", "ExchangeError", "System error"],
    ["code-10018", "RateLimitExceeded", "IP Rate Limit"],
  ];

  test.each(RAISED)("%s is raised as %s", async (kind, name, words) => {
    if (kind === "slow-headers") client.timeout = 100;
    loopback.fail(kind);
    const error = await candles().then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error?.constructor.name).toBe(name);
    expect(error?.message).toContain(words);
    expect(loopback.requests().at(-1)!.fault).toBe(kind);
  });

  const EMPTIED: readonly FaultKind[] = [
    "malformed-json",
    "html-page",
    "empty-body",
    "null-list",
    "http-524",
  ];

  test.each(EMPTIED)("%s resolves to no candles at all", async (kind) => {
    loopback.fail(kind);
    expect(await candles()).toEqual([]);
    expect(await candles()).toEqual(sound);
  });

  test("stalled-body outlasts the client's timeout", async () => {
    client.timeout = 50;
    loopback.fail("stalled-body");
    const outcome = candles().then(
      () => "settled",
      () => "settled",
    );
    const later = new Promise((resolve) => setTimeout(resolve, 400, "pending"));
    expect(await Promise.race([outcome, later])).toBe("pending");
  });

  const PASSED: readonly (readonly [FaultKind, (rows: number[][]) => boolean])[] = [
    ["duplicated-rows", (rows) => new Set(rows.map(([time]) => time)).size === rows.length - 1],
    [
      "missing-rows",
      (rows) => rows.length === 89 && rows.every((row) => sound.some(([time]) => time === row[0])),
    ],
    ["another-symbol", (rows) => rows[0]![4] === BARS[1]!.close[0]],
    [
      "infinite-field",
      (rows) => rows.filter((row) => Math.abs(row[4]!) === Number.POSITIVE_INFINITY).length === 1,
    ],
    ["empty-field", (rows) => rows.filter((row) => row[4] === undefined).length === 1],
    ["nan-field", (rows) => rows.filter((row) => row[4] === undefined).length === 1],
    ["high-below-low", (rows) => rows.filter((row) => row[2]! < row[3]!).length === 1],
  ];

  test.each(PASSED)("%s passes through", async (kind, shows) => {
    loopback.fail(kind);
    const rows = await candles();
    expect(shows(rows)).toBe(true);
    expect(shows(sound)).toBe(false);
  });

  test("and no fault is left out", () => {
    const tried = [
      ...RAISED.map(([kind]) => kind),
      ...EMPTIED,
      "stalled-body",
      ...PASSED.map(([kind]) => kind),
    ];
    expect([...tried].sort()).toEqual([...FAULTS].sort());
    expect(FAULTS.filter((kind) => !RECOVERABLE_FAULTS.includes(kind))).toEqual(["geo-block", "code-10001"]);
  });
});

describe("injected faults", () => {
  const PASSING: readonly FaultKind[] = ["http-500", "code-10006", "missing-rows", "empty-body", "nan-field"];

  const asked = async (
    seed: number,
    share: number,
    order: (i: number) => number,
  ): Promise<Map<string, string>> => {
    const loopback = await startLoopback({ bars: BARS, key: key(seed), faults: { share, kinds: PASSING } });
    const bodies = new Map<string, string>();
    const requests = Array.from({ length: 200 }, (_, i) => order(i));
    await Promise.all(
      requests.map(async (i) => {
        const query = `category=linear&symbol=BTCUSDT&interval=60&limit=20&end=${START + (i + 30) * HOUR}`;
        const response = await fetch(`${loopback.restUrl}/v5/market/kline?${query}`);
        bodies.set(query, `${response.status} ${await response.text()}`);
      }),
    );
    const hurt = loopback.requests().filter(({ fault }) => fault !== "none");
    bodies.set("hurt", String(hurt.length));
    await loopback.close();
    return bodies;
  };

  test("are the same for the same key, in whatever order the requests come", async () => {
    const forwards = await asked(7, 0.4, (i) => i);
    const backwards = await asked(7, 0.4, (i) => 199 - i);
    expect(backwards).toEqual(forwards);
    expect(await asked(8, 0.4, (i) => i)).not.toEqual(forwards);
  });

  test("befall the share of requests that was asked for", async () => {
    const hurt = Number((await asked(7, 0.4, (i) => i)).get("hurt"));
    expect(Math.abs(hurt - 80)).toBeLessThan(4 * Math.sqrt(200 * 0.4 * 0.6)); // four standard errors
    expect((await asked(7, 0, (i) => i)).get("hurt")).toBe("0");
    expect((await asked(7, 1, (i) => i)).get("hurt")).toBe("200");
  });

  test("differ from one try of a request to the next", async () => {
    const loopback = await startLoopback({
      bars: BARS,
      key: key(7),
      faults: { share: 0.5, kinds: ["http-500"] },
    });
    const statuses: number[] = [];
    for (let i = 0; i < 20; i++) statuses.push((await fetch(`${loopback.restUrl}/v5/market/time`)).status);
    expect(new Set(statuses)).toEqual(new Set([200, 500]));
    await loopback.close();
  });

  test("spare what has no rows where rows are hurt", async () => {
    const faults = { share: 1, kinds: ["missing-rows", "another-symbol"] as const };
    const loopback = await startLoopback({ bars: BARS, key: key(7), faults });
    await fetch(`${loopback.restUrl}/v5/market/instruments-info?category=linear`);
    expect(loopback.requests()[0]!.fault).toBe("none");
    await loopback.close();
  });

  test("are refused outside 0 to 1 and under unknown names", async () => {
    const start = (share: number, kinds: readonly string[]): Promise<Loopback> =>
      startLoopback({ bars: BARS, key: key(1), faults: { share, kinds: kinds as readonly FaultKind[] } });
    await expect(start(1.1, ["reset"])).rejects.toThrow(
      "faults.share: expected a number from 0 to 1, got 1.1",
    );
    await expect(start(0.5, ["rest"])).rejects.toThrow("expected a fault of malformed-json");
  });
});
