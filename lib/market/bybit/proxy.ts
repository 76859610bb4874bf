/** The way to a server through a proxy, for requests and for streams. */
import type { Agent } from "node:http";

/** The address of the proxy for an address, such as http://proxy.example.com:3128; undefined where there is none. */
export type ProxyChoice = (address: string) => string | undefined;

type Fetch = (address: string, request: RequestInit) => Promise<Response>;

/** How requests are sent. */
export interface Way {
  readonly fetch: Fetch;
  /** The host of the proxy, without a password; undefined where there is none. */
  readonly via: string | undefined;
  /** Ends the connections to the proxy. */
  close(): Promise<void>;
}

const STRAIGHT: Way = { fetch: (...words) => fetch(...words), via: undefined, close: async () => undefined };

/** The way to requests of this proxy, or the straight one. */
export async function wayThrough(proxy: string | undefined): Promise<Way> {
  if (proxy === undefined) return STRAIGHT;
  const undici = await import("undici");
  const dispatcher = new undici.ProxyAgent(proxy);
  const through: unknown = (address: string, request: object) =>
    undici.fetch(address, { ...request, dispatcher });
  return { fetch: through as Fetch, via: hostOf(proxy), close: () => dispatcher.destroy() };
}

/** What dials a WebSocket through this proxy. */
export async function agentThrough(proxy: string): Promise<Agent> {
  const { HttpsProxyAgent } = await import("https-proxy-agent");
  return new HttpsProxyAgent(proxy);
}

/** @throws RangeError when the address of the proxy is none. */
function hostOf(proxy: string): string {
  if (!URL.canParse(proxy)) throw new RangeError("proxy: expected an address such as http://127.0.0.1:3128");
  return new URL(proxy).host;
}
