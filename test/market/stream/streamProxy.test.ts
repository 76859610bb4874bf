/** Behind a proxy: requests and streams go through it, and a proxy that does not let them through is named. */
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { proxyFor } from "../../../lib/core/settings.js";
import { connectBybit } from "../../../lib/market/bybit/connect.js";
import { fetchBars } from "../../../lib/market/bybit/fetch.js";
import { exchange, expectExact, listen, MINUTE, minutes, OPENED, play } from "./streamFixtures.js";

const cleaners: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleaners.splice(0)) clean();
});

/** A proxy that knows one name, which nobody else does: that of the exchange at `port`; it refuses all others. */
async function proxyTo(port: number): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((_, response) => response.writeHead(405).end());
  server.on("connect", (request, socket: Socket, head) => {
    asked.push(request.url!);
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    if (request.url !== "exchange.invalid:80") return socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    const other = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      other.write(head);
      other.pipe(socket).pipe(other);
    });
    other.on("error", () => socket.destroy());
    sockets.add(other);
    return undefined;
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  cleaners.push(() => {
    for (const socket of sockets) socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://user:secret@127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

test("a stream and its backfill go through the proxy, to a server that is known to it alone", async () => {
  const bars = minutes("BTCUSDT", 60);
  const loopback = await exchange([bars]);
  const { url, asked } = await proxyTo(Number(new URL(loopback.restUrl).port));
  const heard = await listen(
    { ...loopback, restUrl: "http://exchange.invalid", wsUrl: "ws://exchange.invalid" },
    { since: { BTCUSDT: OPENED - 5 * MINUTE } },
    { proxy: () => url },
  );
  await play(loopback, heard, OPENED + 3 * MINUTE);
  expectExact(heard.events, bars, OPENED - 5 * MINUTE, OPENED + 3 * MINUTE);
  expect(new Set(asked)).toEqual(new Set(["exchange.invalid:80"]));
  expect(asked.length).toBeGreaterThanOrEqual(2);
  await heard.stream.close();
  await loopback.close();
});

test("a proxy that refuses is named, without its password", async () => {
  const { url } = await proxyTo(1);
  const bybit = await connectBybit({
    ...{ restUrl: "http://another.invalid", proxy: () => url, retries: 0 },
  });
  const query = { symbol: "BTCUSDT", interval: "60", since: 0, until: 3_600_000 };
  const failed = await fetchBars(bybit, query).catch((error) => error);
  expect(failed.message).toContain(`through the proxy ${new URL(url).host}: `);
  expect(failed.message).not.toContain("secret");
  await bybit.close();
});

test("the environment says which proxy: by scheme, WebSockets as HTTP, exceptions and this machine apart", () => {
  const before = { ...process.env };
  cleaners.push(() => {
    process.env = before;
  });
  for (const name of Object.keys(process.env)) if (/_proxy$/i.test(name)) delete process.env[name];
  expect(proxyFor("https://api.bybit.com")).toBeUndefined();
  Object.assign(process.env, {
    HTTPS_PROXY: "http://secure:1",
    HTTP_PROXY: "http://plain:2",
    NO_PROXY: "b.org,.c.org",
  });
  const ways = ["https://a.org", "wss://a.org", "http://a.org", "ws://a.org"].map(proxyFor);
  expect(ways).toEqual(["http://secure:1", "http://secure:1", "http://plain:2", "http://plain:2"]);
  for (const straight of [
    "https://b.org",
    "wss://x.c.org",
    "http://127.0.0.1:8",
    "ws://localhost:9",
    "http://[::1]:7",
  ])
    expect(proxyFor(straight)).toBeUndefined();
});
