/** The ccxt client of Bybit: loaded when it is needed, described by the few calls that are made of it. */
import { pathToFileURL } from "node:url";
import { mostBytes, textOf } from "./body.js";
import { AnswerFault } from "./error.js";
import { linked } from "./linked.js";
import { type ProxyChoice, type Way, wayThrough } from "./proxy.js";

/** A Bybit V5 endpoint: parameters in, the parsed body out, whatever came. */
export type Endpoint = (parameters: Record<string, string | number>) => Promise<unknown>;

/** What is called of ccxt; its own types stay out of ours. */
export interface CcxtBybit {
  readonly urls: { readonly api: Record<string, unknown> };
  readonly publicGetV5MarketKline: Endpoint;
  readonly publicGetV5MarketMarkPriceKline: Endpoint;
  readonly publicGetV5MarketIndexPriceKline: Endpoint;
  readonly publicGetV5MarketPremiumIndexPriceKline: Endpoint;
  readonly publicGetV5MarketFundingHistory: Endpoint;
  readonly publicGetV5MarketOrderbook: Endpoint;
  readonly publicGetV5MarketRecentTrade: Endpoint;
  readonly publicGetV5MarketInstrumentsInfo: Endpoint;
  readonly publicGetV5MarketTime: Endpoint;
  fetchImplementation: (url: string, request: CcxtRequest) => Promise<object>;
  close?(): Promise<unknown>;
}

/** What ccxt hands to the function that fetches for it. */
export interface CcxtRequest {
  readonly method: string;
  readonly headers: Record<string, string>;
  /** Stops it when ccxt's timeout is over. */
  readonly signal: AbortSignal;
}

type Constructor = new (options: object) => CcxtBybit;

const OWN_ADDRESS = "https://api.bybit.com";

/** Loads the one file of Bybit; where the package keeps it elsewhere, the whole of ccxt. */
async function loadConstructor(): Promise<Constructor> {
  try {
    const main = require.resolve("ccxt");
    const file = new URL("../js/src/pro/bybit.js", pathToFileURL(main));
    return ((await import(file.href)) as { default: Constructor }).default;
  } catch {
    const ccxt = (await import("ccxt")) as unknown as { pro: { bybit: Constructor } };
    return ccxt.pro.bybit;
  }
}

/**
 * A client of Bybit's public data; no key is read, and nothing is fetched yet. It does not wait between requests: its user does.
 * @param options.deadlineMs   longest time from a request to the end of its answer's body
 * @param options.restUrl      another server that speaks V5, such as the loopback exchange
 * @param options.proxy        which proxy leads to it
 * @param options.closing      ends what is under way
 */
export async function ccxtBybit(options: {
  readonly deadlineMs: number;
  readonly restUrl?: string;
  readonly proxy: ProxyChoice;
  readonly closing: AbortSignal;
}): Promise<CcxtBybit> {
  const { deadlineMs, restUrl, proxy, closing } = options;
  const Bybit = await loadConstructor();
  const client = new Bybit({ enableRateLimit: false, timeout: deadlineMs });
  const way = await wayThrough(proxy(restUrl ?? OWN_ADDRESS));
  closing.addEventListener("abort", () => void way.close().catch(() => undefined));
  client.fetchImplementation = (url, request) => wholeAnswer(url, request, { way, closing });
  if (restUrl !== undefined) {
    for (const name of Object.keys(client.urls.api)) {
      if (name !== "ws") client.urls.api[name] = restUrl;
    }
  }
  return client;
}

/** An answer with its body read: so ccxt's timeout, which ends with the request that it awaits, covers a body that stalls. */
async function wholeAnswer(
  url: string,
  { method, headers, signal: late }: CcxtRequest,
  { way, closing }: { readonly way: Way; readonly closing: AbortSignal },
): Promise<object> {
  const { signal, release } = linked(late, closing);
  try {
    const answer = await way.fetch(url, { method, headers, redirect: "manual", signal });
    const { status, statusText, headers: fields } = answer;
    const body = await textOf(answer, mostBytes(url), signal);
    checkStatus(status, fields.get("location") ?? body);
    return { status, statusText, headers: fields, text: async () => body };
  } catch (error) {
    throw way.via !== undefined && error instanceof TypeError ? unreached(way.via, error) : error;
  } finally {
    release();
  }
}

function unreached(via: string, { message, cause }: TypeError): AnswerFault {
  return new AnswerFault(
    "network",
    `through the proxy ${via}: ${(cause as Error | undefined)?.message ?? message}`,
  );
}

/** Refusals that pass: locations and rates (403), timeouts, and what asks for a pause. */
const PASSING: readonly number[] = [403, 408, 418, 425, 429];

/** @throws AnswerFault of an answer that will be the same however often it is asked for: a redirect, or a request refused for good. */
function checkStatus(status: number, detail: string): void {
  if (status < 300 || status >= 500 || PASSING.includes(status)) return;
  const what = status < 400 ? "redirects to another address, which is not followed" : "refuses the request";
  throw new AnswerFault("request", `the server ${what}: HTTP ${status} ${detail}`);
}
