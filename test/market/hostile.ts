/** A server that answers with too much, and a client in a process of its own: what became of it, its memory and its longest stall. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type WebSocket, WebSocketServer } from "ws";
import { compileFiles } from "../live/compiled.js";

const HOUR = 3_600_000;
const NOW = Math.floor(Date.now() / HOUR) * HOUR;
const ROW = JSON.stringify([String(NOW - HOUR), "100", "101", "99", "100", "5", "500"]);
const HEAD = `{"retCode":0,"retMsg":"OK","time":${NOW},"result":{"symbol":"BTCUSDT","category":"linear","list":[`;
const MEGABYTE = 2 ** 20;

/** Writes pieces for as long as the client takes them. */
async function pour(response: ServerResponse, pieces: Iterable<string | Buffer>): Promise<void> {
  for (const piece of pieces) {
    if (response.destroyed) return;
    if (!response.write(piece))
      await new Promise<void>((go) => {
        const on = (): void => {
          response.off("drain", on).off("close", on);
          go();
        };
        response.on("drain", on).on("close", on);
      });
  }
  response.end();
}

function* repeated(piece: string, count: number, head = "", tail = ""): Generator<string> {
  yield head;
  for (let i = 0; i < count; i++) yield piece;
  yield tail;
}

const json = { "content-type": "application/json" };
const spaces = " ".repeat(MEGABYTE);

/** Ten times fifty megabytes, and the same once more. */
const BOMB = Buffer.concat(Array(10).fill(gzipSync(Buffer.alloc(50 * MEGABYTE, 32))));
const TWICE = gzipSync(BOMB);

type Rest = (response: ServerResponse) => unknown;

/** Answers to a question for a thousand candles. */
export const BODIES: Readonly<Record<string, Rest>> = {
  "a body of 500 MB, announced": (r) => {
    r.writeHead(200, { ...json, "content-length": 500 * MEGABYTE });
    return pour(r, repeated(spaces, 500));
  },
  "a body of 500 MB, not announced": (r) => {
    r.writeHead(200, json);
    return pour(r, repeated(spaces, 500, "{"));
  },
  "a body without an end": (r) => {
    r.writeHead(200, json);
    return pour(r, repeated(spaces, Number.POSITIVE_INFINITY, "{"));
  },
  "3,000,001 equal rows": (r) => {
    r.writeHead(200, json);
    return pour(r, repeated(`${ROW},`.repeat(1000), 3000, HEAD, `${ROW}]}}`));
  },
  "1,001 rows": (r) => {
    r.writeHead(200, json);
    return r.end(`${HEAD}${`${ROW},`.repeat(1000)}${ROW}]}}`);
  },
  "rows of 200 fields": (r) => {
    r.writeHead(200, json);
    return r.end(`${HEAD}${`[${"1,".repeat(200)}1],`.repeat(999)}[]]}}`);
  },
  "500 MB, compressed": (r) => {
    r.writeHead(200, { ...json, "content-encoding": "gzip" });
    return r.end(BOMB);
  },
  "500 MB, compressed twice": (r) => {
    r.writeHead(200, { ...json, "content-encoding": "gzip, gzip" });
    return r.end(TWICE);
  },
  "20 MB of brackets": (r) => {
    r.writeHead(200, json);
    return r.end("[".repeat(20 * MEGABYTE));
  },
  "as many brackets as there may be bytes": (r) => {
    r.writeHead(200, json);
    return r.end(`${"[".repeat(250_000)}${"]".repeat(250_000)}`);
  },
  "an error that quotes addresses without an end": (r) => {
    r.writeHead(500, json);
    return r.end("http://".repeat(70_000));
  },
};

type Feed = (socket: WebSocket) => unknown;
const often = (socket: WebSocket, frame: () => string | Buffer): void => {
  const send = (): void => {
    if (socket.readyState !== socket.OPEN) return;
    socket.send(frame(), () => setImmediate(send));
  };
  send();
};
const topic = "kline.60.BTCUSDT";

/** Frames after the subscription. */
export const FEEDS: Readonly<Record<string, Feed>> = {
  "a frame of 64 MB": (socket) => socket.send(Buffer.alloc(64 * MEGABYTE, 32)),
  "frames of brackets": (socket) => often(socket, () => `${"[".repeat(125_000)}${"]".repeat(125_000)}`),
  "frames of 60,000 rows": (socket) =>
    often(socket, () => JSON.stringify({ topic, ts: Date.now(), data: Array(60_000).fill({}) })),
  "garbage as fast as it goes": (socket) => often(socket, () => "no json"),
};

export interface Suffered {
  readonly outcome: string;
  readonly seconds: number;
  /** Most work between two turns of the event loop, of its thread's processor time: what else runs on the machine does not count. */
  readonly stallMs: number;
  readonly residentMib: number;
}

const CHILD = `
const { readFileSync } = require("node:fs");
const { connectBybit } = require("./lib/market/bybit/connect.js");
const { fetchBars } = require("./lib/market/bybit/fetch.js");
const { openStream } = require("./lib/market/stream/stream.js");
const [kind, restUrl, wsUrl] = process.argv.slice(2);
const HOUR = 3600000, until = Math.floor(Date.now() / HOUR) * HOUR;
let [stall, before] = [0, 0];
// Of the thread that runs the loop, in ticks of 10 ms: those that compile and collect garbage beside it stall nothing.
const used = () => {
  const fields = readFileSync("/proc/thread-self/stat", "utf8").split(") ")[1].split(" ");
  return 10 * (Number(fields[11]) + Number(fields[12]));
};
const turn = () => {
  const now = used();
  stall = Math.max(stall, now - before);
  before = now;
};
const watch = () => {
  before = used();
  setInterval(turn, 2).unref();
};
const quick = { restUrl, retries: 2, pauseMs: 1, deadlineMs: 60000 };
async function fetched() {
  const bybit = await connectBybit({ ...quick, now: Date.now });
  watch();
  const from = performance.now();
  const query = { symbol: "BTCUSDT", interval: "60", since: until - 1000 * HOUR, until };
  const outcome = await fetchBars(bybit, query).then(({ bars }) => bars.openTime.length + " bars", (e) => e.kind + ": " + e.message);
  return { outcome, seconds: (performance.now() - from) / 1000 };
}
async function streamed() {
  const stream = await openStream({ ...quick, wsUrl, now: Date.now, query: { symbols: ["BTCUSDT"], interval: "60" } });
  watch();
  const from = performance.now();
  setTimeout(() => stream.close(), 4000);
  const said = new Set();
  try {
    for await (const event of stream) if (event.kind === "status") said.add(event.what + " " + event.detail.slice(0, 60));
  } catch (error) {
    return { outcome: error.kind + ": " + error.message, seconds: (performance.now() - from) / 1000 };
  }
  const { bars, badFrames, reconnects } = stream.counts();
  return { outcome: bars + " bars, " + badFrames + " bad frames, " + reconnects + " reconnects; " + [...said].slice(0, 4).join("; "), seconds: (performance.now() - from) / 1000 };
}
(kind === "fetch" ? fetched() : streamed()).then((report) => {
  const residentMib = Number(/VmHWM:\\s*(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]) / 1024;
  console.log(JSON.stringify({ ...report, stallMs: stall, residentMib }));
  process.exit(0);
});
`;

/** The client compiled once; its folder. */
export function victim(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "vitrade-hostile-"));
  compileFiles(folder, [
    "lib/market/bybit/connect.ts",
    "lib/market/bybit/fetch.ts",
    "lib/market/stream/stream.ts",
  ]);
  writeFileSync(join(folder, "child.js"), CHILD);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** What a client suffers from a server that answers candles with `body` or feeds `feed`. */
export async function suffer(
  folder: string,
  { body, feed, refuse }: { readonly body?: Rest; readonly feed?: Feed; readonly refuse?: string },
): Promise<Suffered> {
  const server = createServer((request, response) => {
    const path = new URL(request.url!, "http://127.0.0.1").pathname;
    if (body && path.endsWith("/kline")) return void body(response);
    const list = path.endsWith("instruments-info") ? [{ symbol: "BTCUSDT", status: "Trading" }] : [];
    const result = { symbol: "BTCUSDT", category: "linear", list };
    response.writeHead(200, json);
    response.end(JSON.stringify({ retCode: 0, retMsg: "OK", time: Date.now(), result }));
  });
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket));
  const streams = new WebSocketServer({ server });
  streams.on("connection", (socket) => {
    socket.on("error", () => socket.terminate());
    socket.on("message", (raw) => {
      const { op, req_id } = JSON.parse(String(raw)) as { op: string; req_id: string };
      const success = refuse === undefined || op !== "subscribe";
      socket.send(JSON.stringify({ success, ret_msg: success ? "" : refuse, conn_id: "x", req_id, op }));
      if (op === "subscribe") feed?.(socket);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    return await reported(folder, [body ? "fetch" : "stream", `http://${address}`, `ws://${address}`]);
  } finally {
    for (const socket of sockets) socket.destroy();
    streams.close();
    server.close();
  }
}

function reported(folder: string, words: readonly string[]): Promise<Suffered> {
  const child = spawn(process.execPath, [join(folder, "child.js"), ...words]);
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  return new Promise((done, fail) => {
    child.on("close", (code) =>
      out ? done(JSON.parse(out)) : fail(new Error(`ended with ${code}: ${err}`)),
    );
  });
}
