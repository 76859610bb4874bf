/** One WebSocket of ccxt.pro's Bybit client: dialled, subscribed, pinged by ccxt; what it carries is handed on unread. */
import { depthOf, MOST_NESTED } from "../bybit/body.js";
import type { CcxtBybit } from "../bybit/client.js";
import { agentThrough, type ProxyChoice } from "../bybit/proxy.js";
import type { Category } from "../grid.js";

/** What is used of a socket of ccxt. */
interface CcxtSocket {
  send(message: object): Promise<unknown>;
  /** Parses a frame and hands it on. */
  onMessage(event: { readonly data: Buffer | string }): void;
  /** Rejects what waits for the socket and forgets it. */
  onError(error: Error): void;
  readonly connection?: { terminate(): void };
}

/** What is used of ccxt.pro beyond its REST calls; no method that could send an order is among it. */
interface CcxtStreams {
  readonly urls: { readonly api: { readonly ws: { readonly public: Record<Category, string> } } };
  streaming: Record<string, unknown>;
  /** `ws.options` go to the WebSocket. */
  readonly options: { ws?: { readonly options?: object } };
  loadHttpProxyAgent(): Promise<unknown>;
  /** What dials wss:// and ws://. */
  agent: unknown;
  httpAgent: unknown;
  implodeHostname(url: string): string;
  requestId(): number;
  client(url: string): CcxtSocket;
  /** Subscribes; settles with the first of the hashes that is resolved, or rejects with the connection. */
  watchTopics(url: string, hashes: readonly string[], topics: readonly string[]): Promise<unknown>;
  handleMessage(socket: CcxtSocket, message: unknown): void;
  calculateWsBackoffDelay: () => number;
  log: (...line: readonly unknown[]) => void;
}

/** Why a connection is over. */
export interface ConnectionEnd {
  readonly kind: "dropped" | "refused" | "silent" | "full" | "closed";
  readonly detail: string;
}

export interface Listener {
  /** The server has taken every subscription. */
  onOpen(): void;
  /** A frame of a topic. */
  onData(topic: string, message: unknown): void;
  /** A frame that is neither data nor an answer. */
  onBad(detail: string): void;
}

export interface Connection {
  /** Dials once and subscribes; resolves when that connection is over, never rejects. */
  connect(topics: readonly string[]): Promise<ConnectionEnd>;
  /** Gives up a subscription and asks for it again: a book then begins with a snapshot. */
  renew(topic: string): void;
  /** Ends the connection at once, for a reason of our own. */
  cut(end: ConnectionEnd): void;
}

export interface ConnectionOptions {
  readonly category: Category;
  /** Another server, without the path. */
  readonly wsUrl?: string | undefined;
  /** Between two pings, ms. */
  readonly pingMs: number;
  readonly proxy: ProxyChoice;
}

/** Of a frame: a thousand trades, the largest that Bybit sends, take 150,000 bytes. */
const MOST_FRAME_BYTES = 262_144;

const TOPICS_AT_ONCE = 10; // Bybit's limit for spot; enough for all

/** A wire over the client of a REST connection, which closes it too. */
export async function openConnection(
  client: CcxtBybit,
  { category, wsUrl, pingMs, proxy }: ConnectionOptions,
  listener: Listener,
): Promise<Connection> {
  const ccxt = client as unknown as CcxtStreams;
  const url = wsUrl
    ? `${wsUrl}/v5/public/${category}`
    : ccxt.implodeHostname(ccxt.urls.api.ws.public[category]);
  if (url.startsWith("ws://")) await ccxt.loadHttpProxyAgent(); // without it ccxt refuses plain ws://
  const via = proxy(url);
  if (via !== undefined) ccxt[url.startsWith("ws://") ? "httpAgent" : "agent"] = await agentThrough(via);
  ccxt.streaming = { ...ccxt.streaming, keepAlive: pingMs };
  const { ws = {} } = ccxt.options;
  const limits = { maxPayload: MOST_FRAME_BYTES, perMessageDeflate: false }; // not compressed: no small frame becomes a large one
  ccxt.options.ws = { ...ws, options: { ...ws.options, ...limits } };
  ccxt.calculateWsBackoffDelay = () => 0; // pauses are the session's
  ccxt.log = () => undefined; // ccxt prints frames that it cannot read; they are told as bad frames
  const answered = ccxt.handleMessage;
  let socket: CcxtSocket | undefined;
  let asked = 0; // subscriptions not yet taken
  let over: (end: ConnectionEnd) => void = () => undefined;
  ccxt.handleMessage = (from, message) => {
    if (from !== socket) return; // what a connection that was cut still had
    const topic = (message as { topic?: unknown } | null)?.topic;
    if (typeof topic === "string") listener.onData(topic, message);
    else if (message !== null && typeof message === "object") {
      answered.call(ccxt, from, message);
      const { op, success } = message as { op?: unknown; success?: unknown };
      if (op === "subscribe" && success === true && asked > 0 && --asked === 0) listener.onOpen();
    } else listener.onBad(`expected JSON, got ${String(message).slice(0, 80)}`);
  };
  /** A socket whose frames are looked at before ccxt parses them: none of a connection that was cut, and none too deep to be parsed. */
  const dialled = (): CcxtSocket => {
    const made = ccxt.client(url);
    const parse = made.onMessage.bind(made);
    made.onMessage = (event) => {
      if (made !== socket) return;
      if (depthOf(event.data) > MOST_NESTED)
        listener.onBad(`expected at most ${MOST_NESTED} brackets in each other`);
      else parse(event);
    };
    return made;
  };
  const leave = (): void => {
    const left = socket;
    socket = undefined;
    left?.onError(new Error("given up"));
    left?.connection?.terminate(); // a farewell may never be answered
  };
  return {
    async connect(topics) {
      asked = Math.ceil(topics.length / TOPICS_AT_ONCE);
      socket = dialled();
      const end = await new Promise<ConnectionEnd>((resolve) => {
        over = resolve;
        for (let i = 0; i < topics.length; i += TOPICS_AT_ONCE) {
          const some = topics.slice(i, i + TOPICS_AT_ONCE);
          ccxt.watchTopics(url, some, some).catch((error: Error) => {
            resolve({ kind: asked > 0 ? "refused" : "dropped", detail: error.message });
          });
        }
      });
      leave();
      return end;
    },
    renew(topic) {
      const current = socket;
      if (!current || asked > 0) return;
      for (const op of ["unsubscribe", "subscribe"]) {
        current.send({ op, req_id: String(ccxt.requestId()), args: [topic] }).catch(() => undefined); // a broken socket ends on its own
      }
    },
    cut(end) {
      leave(); // at once: ccxt may have a thousand frames at hand
      over(end);
    },
  };
}
