/** The live page's server: on this machine alone, read by server-sent events, and a kill button for who knows the token. */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { documentText } from "../output.js";
import type { LiveEvent } from "../tasks/liveEvents.js";
import { PAGE, POLICY } from "./html.js";
import { keepState, type LiveControl } from "./state.js";

export interface LivePage {
  readonly url: string;
  /** What the kill button asks for. */
  readonly token: string;
  /** Tells what happened, before the run or in it. */
  see(event: LiveEvent): void;
  /** From now on the page shows this run. */
  attach(control: LiveControl): void;
  close(): Promise<void>;
}

/** Bytes of a request to kill. */
const LONGEST_BODY = 2000;
/** Milliseconds between two states that a reader is sent, however fast the run is. */
const PACE_MS = 100;

/** @param port  0 for any that is free @throws Error when the port is taken. */
export async function openPage(port: number): Promise<LivePage> {
  const token = randomBytes(9).toString("base64url");
  const keeper = keepState();
  const readers = new Set<ServerResponse>();
  let control: LiveControl | undefined;
  let waiting: NodeJS.Timeout | undefined;
  const send = (reader: ServerResponse): void => {
    if (control) reader.write(`data: ${documentText(keeper.state(control), 0)}\n\n`);
  };
  const sendAll = (): void => {
    waiting ??= setTimeout(() => {
      waiting = undefined;
      for (const reader of readers) send(reader);
    }, PACE_MS);
    waiting.unref();
  };
  const server = createServer((request, response) => {
    if (!isOwn(request)) return end(response, 403, "only this machine is answered");
    const asked = `${request.method} ${request.url}`;
    if (asked === "GET /") return page(response);
    if (asked === "GET /events") return listen(request, response, readers, send);
    if (asked === "POST /kill")
      return void kill(request, response, { token, control: () => control, sendAll });
    return end(response, 404, "there is nothing here");
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    token,
    see(event) {
      keeper.see(event);
      sendAll();
    },
    attach(own) {
      control = own;
      sendAll();
    },
    close: () =>
      new Promise((resolve) => {
        clearTimeout(waiting);
        for (const reader of readers) {
          send(reader);
          reader.end();
        }
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Whether a request names this machine: a page of another host that made its name mean this one does not. */
function isOwn({ headers }: IncomingMessage): boolean {
  return /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(headers.host ?? "");
}

function end(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${text}\n`);
}

function page(response: ServerResponse): void {
  response
    .writeHead(200, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": POLICY,
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    })
    .end(PAGE);
}

function listen(
  request: IncomingMessage,
  response: ServerResponse,
  readers: Set<ServerResponse>,
  send: (reader: ServerResponse) => void,
): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  response.write("retry: 1000\n\n");
  readers.add(response);
  request.on("close", () => readers.delete(response));
  response.on("error", () => readers.delete(response));
  send(response);
}

interface KillRoom {
  readonly token: string;
  readonly control: () => LiveControl | undefined;
  readonly sendAll: () => void;
}

/** JSON alone is taken: a form of another page cannot send it unasked. */
async function kill(request: IncomingMessage, response: ServerResponse, room: KillRoom): Promise<void> {
  if (!/^application\/json\b/.test(request.headers["content-type"] ?? ""))
    return end(response, 415, "expected JSON");
  const given = tokenIn(await bodyOf(request));
  const [own, other] = [Buffer.from(room.token), Buffer.from(given)];
  if (own.length !== other.length || !timingSafeEqual(own, other))
    return end(response, 403, "that is not the token that was printed when the run began");
  const control = room.control();
  if (!control) return end(response, 503, "the run has not begun");
  control.kill("the button of the live page");
  room.sendAll();
  return end(response, 200, "flat at the next open, and for good");
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) {
    text += chunk;
    if (text.length > LONGEST_BODY) return "";
  }
  return text;
}

function tokenIn(body: string): string {
  try {
    const { token } = JSON.parse(body) as { token?: unknown };
    return typeof token === "string" ? token : "";
  } catch {
    return "";
  }
}
