/**
 * A Bybit V5 exchange on this machine: the public REST endpoints and streams, replayed from candles, with faults on demand.
 *
 * It matches no orders and knows no accounts. Trades, the book and the unfinished candle are made from the candles; they are
 * consistent with them and causal, but not what the market did inside a bar.
 */
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { checkCount } from "../core/index.js";
import { Desk } from "./desk.js";
import { exchangeOf } from "./exchange.js";
import { deliver } from "./faults/injury.js";
import { Streams } from "./streams.js";
import type { Loopback, LoopbackOptions } from "./types.js";

/**
 * Starts the exchange on a free port of 127.0.0.1.
 *
 * @param options candles to replay, the key of the faults, and what goes beyond (see `LoopbackOptions`)
 * @returns the running exchange, owned by the caller: close it
 * @throws RangeError when candles are unsound, a page is not JSON, a fault is unknown or the share of faults is outside 0 … 1
 */
export async function startLoopback(options: LoopbackOptions): Promise<Loopback> {
  const exchange = exchangeOf(options);
  const desk = new Desk(exchange, options);
  const clock = options.now ?? (() => exchange.end);
  const streams = new Streams(exchange, Math.floor(clock()));
  const now = (): number => Math.floor(Math.max(clock(), streams.played));
  const server = createServer(listener(desk, now));
  server.on("upgrade", (request, socket, head) => streams.upgrade(request, socket, head));
  const port = await listening(server);
  let closing: Promise<void> | undefined;
  return {
    restUrl: `http://127.0.0.1:${port}`,
    wsUrl: `ws://127.0.0.1:${port}`,
    now,
    requests: () => [...desk.records],
    sockets: () => [...streams.records],
    pushed: () => streams.pushed,
    fail: (kind, count = 1) => desk.fail(kind, count),
    ...controls(streams),
    close: () => {
      closing ??= closed(server, streams);
      return closing;
    },
  };
}

function controls(
  streams: Streams,
): Pick<Loopback, "advance" | "subscribed" | "drop" | "silence" | "refuse" | "disturb"> {
  return {
    advance: (toTime) => streams.advance(toTime),
    subscribed: (topic) => streams.subscribed(topic),
    drop: () => streams.drop(),
    silence: (silent) => {
      streams.silent = silent;
    },
    refuse: (count) => {
      checkCount("count", count, 0);
      streams.refusals = count;
    },
    disturb: (fault, count = 1) => streams.disturb(fault, count),
  };
}

function listener(desk: Desk, now: () => number): RequestListener {
  return (request, response) => {
    const { pathname, searchParams } = new URL(`http://127.0.0.1${request.url}`);
    deliver(response, desk.answer(pathname, Object.fromEntries(searchParams), now()));
  };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return (server.address() as AddressInfo).port;
}

async function closed(server: Server, streams: Streams): Promise<void> {
  streams.close();
  const done = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await done;
}
