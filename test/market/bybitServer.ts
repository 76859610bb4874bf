/** A server that answers candles with whatever a test wants, and the connection to it. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Bybit, type ConnectOptions, connectBybit } from "../../lib/market/bybit/connect.js";
import { HOUR, START } from "./loopbackFixtures.js";

/** Hurries through pauses. */
const HASTE: ConnectOptions = {
  ...{ rateLimitMs: 0.1, pauseMs: 1, retries: 3 },
  sleep: async () => undefined,
};

export interface Server {
  url: string;
  /** When the requests came, ms since the process began. */
  readonly at: number[];
  /** Resolves when the client has let go of its connections. */
  deserted(): Promise<void>;
  close(): void;
}

type Answer = (query: Record<string, string>, count: number) => unknown;

/** Serves the JSON of each answer, or a text as it is; undefined cuts the connection, "stall" holds the body back. */
export async function serve(answer: Answer, status = 200): Promise<Server> {
  const at: number[] = [];
  const sockets = new Set<object>();
  let tell = (): void => undefined;
  const server = createServer((request, response) => {
    const query = Object.fromEntries(new URL(request.url!, "http://127.0.0.1").searchParams);
    at.push(performance.now());
    const body = answer(query, at.length - 1);
    if (body === undefined) return request.socket.destroy();
    response.writeHead(status, { "content-type": "application/json" });
    if (body === "stall") return response.write("{");
    return response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => {
      sockets.delete(socket);
      if (sockets.size === 0) tell();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    at,
    deserted: () =>
      new Promise((resolve) => {
        tell = resolve;
        if (sockets.size === 0) tell();
      }),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

export function hasty(restUrl: string, options: ConnectOptions = {}): Promise<Bybit> {
  return connectBybit({ restUrl, ...HASTE, ...options });
}

/** An envelope of V5 around candles of BTCUSDT, told long after them. */
export function envelope(list: unknown, other: object = {}): object {
  const result = { symbol: "BTCUSDT", category: "linear", list };
  return { retCode: 0, retMsg: "OK", result, retExtInfo: {}, time: START + 1000 * HOUR, ...other };
}

/** Rows of candles that open from `since` to before `until`, the newest first. */
export function rows(since: number, until: number, { stepMs = HOUR, price = 100 } = {}): string[][] {
  const count = (until - since) / stepMs;
  return Array.from({ length: count }, (_, i) => {
    const prices = [price, price + 1, price - 1, price].map(String);
    return [String(until - (i + 1) * stepMs), ...prices, "5", "500"];
  });
}
