/** The public streams of Bybit V5 over WebSocket, pushed by hand. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { disturbed } from "./disturb.js";
import type { Exchange } from "./exchange.js";
import type { StreamFault } from "./faults/streamFaults.js";
import { greeting, type Message, messagesBetween, type Topic, topicOf } from "./feed.js";
import type { SocketRecord } from "./types.js";

interface Connection {
  socket: WebSocket;
  id: string;
  path: string;
  category: string;
  topics: Map<string, Topic>;
}

interface Request {
  op: string | undefined;
  args: readonly string[];
  req_id: string | undefined;
}

interface Waiter {
  topic: string;
  resolve: () => void;
  reject: (reason: Error) => void;
}

const PATH = /^\/v5\/public\/(linear|spot|inverse)$/;

/** The connections of the exchange, and everything that may be done to them. */
export class Streams {
  readonly records: SocketRecord[] = [];
  silent = false;
  /** How many connections are still to be refused. */
  refusals = 0;
  /** Messages with data that were written to a connection. */
  pushed = 0;
  readonly #exchange: Exchange;
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #connections = new Set<Connection>();
  readonly #disturbances: StreamFault[] = [];
  /** Texts to be sent after the next message of a topic. */
  readonly #later = new Map<string, string>();
  readonly #waiters = new Set<Waiter>();
  #played: number;
  #dialled = 0;

  /** @param from the time that counts as played, UTC milliseconds */
  constructor(exchange: Exchange, from: number) {
    this.#exchange = exchange;
    this.#played = from;
  }

  /** Time up to which everything has been pushed, UTC milliseconds. */
  get played(): number {
    return this.#played;
  }

  /** Takes over an HTTP connection that asks for a WebSocket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const path = request.url ?? "";
    const category = PATH.exec(path)?.[1];
    if (!category || this.refusals > 0) {
      if (category) this.refusals--;
      this.#record("refused", path, "");
      socket.end(`HTTP/1.1 ${category ? "403 Forbidden" : "404 Not Found"}\r\nConnection: close\r\n\r\n`);
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (ws) => this.#accept(ws, path, category));
  }

  /** Pushes what happened on every subscribed topic, in order of time; resolves once it is written. */
  async advance(to: number): Promise<void> {
    if (!(to >= this.#played)) throw new RangeError(`expected a time from ${this.#played} on, got ${to}`);
    const from = this.#played;
    this.#played = to;
    const topics = new Map<string, Topic>();
    for (const { category, topics: own } of this.#connections) {
      for (const [name, topic] of own) topics.set(`${category} ${name}`, topic);
    }
    const pushes = [...topics.values()].flatMap((topic) =>
      messagesBetween(this.#exchange, topic, from, to).map((message) => ({ topic, message })),
    );
    pushes.sort((a, b) => a.message.ts - b.message.ts);
    await Promise.all(pushes.flatMap(({ topic, message }) => this.#push(topic, message)));
  }

  /** Resolves once a connection has the topic. */
  subscribed(topic: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiters.add({ topic, resolve, reject });
      this.#tellWaiters();
    });
  }

  disturb(fault: StreamFault, count: number): void {
    for (let i = 0; i < count; i++) this.#disturbances.push(fault);
  }

  /** Cuts every connection; returns how many there were. */
  drop(): number {
    const cut = [...this.#connections];
    for (const connection of cut) {
      this.#connections.delete(connection);
      connection.socket.terminate();
    }
    return cut.length;
  }

  close(): void {
    this.drop();
    this.#server.close();
    for (const { topic, reject } of this.#waiters)
      reject(new Error(`closed before anyone subscribed to ${topic}`));
    this.#waiters.clear();
  }

  #accept(socket: WebSocket, path: string, category: string): void {
    const connection = { socket, id: `loopback-${++this.#dialled}`, path, category, topics: new Map() };
    this.#connections.add(connection);
    this.#record("open", path, "");
    socket.on("error", () => socket.terminate()); // a client's broken frame is the client's, the close is recorded
    socket.on("close", () => {
      this.#connections.delete(connection);
      this.#record("close", path, "");
    });
    socket.on("message", (raw) => {
      this.#record("message", path, String(raw));
      for (const reply of this.#replies(connection, String(raw))) {
        if ("topic" in reply) this.pushed++;
        this.#send(connection, JSON.stringify(reply));
      }
      this.#tellWaiters();
    });
  }

  #replies(connection: Connection, text: string): object[] {
    const { op, args, req_id } = requestOf(text);
    const reply = (success: boolean, ret_msg: string): object => ({
      success,
      ret_msg,
      conn_id: connection.id,
      req_id, // left out of the text where the request had none
      op,
    });
    if (op === "ping") return [reply(true, "pong")];
    if (op === "subscribe") return this.#subscribe(connection, args, reply);
    if (op !== "unsubscribe") return [reply(false, "error:invalid op")];
    for (const name of args) connection.topics.delete(name);
    return [reply(true, connection.category === "spot" ? "unsubscribe" : "")];
  }

  /** All topics of a request, or none: Bybit refuses the request as a whole. */
  #subscribe(
    connection: Connection,
    args: readonly string[],
    reply: (ok: boolean, text: string) => object,
  ): object[] {
    const { category, topics } = connection;
    if (category === "spot" && args.length > 10) return [reply(false, "args size >10")];
    const asked = args.map((name) => topicOf(this.#exchange, category, name));
    const refused = asked.find((topic) => typeof topic === "string");
    if (refused) return [reply(false, refused)];
    const twice = args.find((name) => topics.has(name));
    if (twice) return [reply(false, `error:already subscribed,topic:${twice}`)];
    const found = asked as Topic[];
    for (const topic of found) topics.set(topic.name, topic);
    const greetings = found.map((topic) => greeting(this.#exchange, topic, this.#played));
    return [reply(true, category === "spot" ? "subscribe" : ""), ...greetings.filter((message) => !!message)];
  }

  #push(topic: Topic, message: Message): Promise<void>[] {
    const hearers = [...this.#connections].filter(
      ({ category, topics }) => category === topic.listed.category && topics.has(topic.name),
    );
    if (this.silent) return [];
    const name = `${topic.listed.category} ${topic.name}`;
    const later = this.#later.get(name);
    this.#later.delete(name);
    const texts = [...this.#disturb(message, name), ...(later === undefined ? [] : [later])];
    this.pushed += hearers.length * texts.length;
    return hearers.flatMap((connection) => texts.map((text) => this.#send(connection, text)));
  }

  #disturb(message: Message, name: string): readonly string[] {
    for (const [i, fault] of this.#disturbances.entries()) {
      const changed = disturbed(fault, message);
      if (!changed) continue;
      this.#disturbances.splice(i, 1);
      if (changed.later !== undefined) this.#later.set(name, changed.later);
      return changed.texts;
    }
    return [JSON.stringify(message)];
  }

  #send({ socket }: Connection, text: string): Promise<void> {
    if (this.silent) return Promise.resolve();
    return new Promise((resolve) => socket.send(text, () => resolve())); // a socket that is gone hears nothing
  }

  #record(event: SocketRecord["event"], path: string, text: string): void {
    this.records.push({ event, path, text, at: this.#played });
  }

  #tellWaiters(): void {
    for (const waiter of this.#waiters) {
      if (![...this.#connections].some(({ topics }) => topics.has(waiter.topic))) continue;
      this.#waiters.delete(waiter);
      waiter.resolve();
    }
  }
}

function requestOf(text: string): Request {
  try {
    const { op, args, req_id } = JSON.parse(text) as { op?: string; args?: unknown; req_id?: string };
    return { op, args: Array.isArray(args) ? args.map(String) : [], req_id };
  } catch {
    return { op: undefined, args: [], req_id: undefined }; // answered as an invalid operation
  }
}
