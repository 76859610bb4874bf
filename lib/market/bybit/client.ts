/** The ccxt client of Bybit: loaded when it is needed, described by the few calls that are made of it. */
import { pathToFileURL } from "node:url";

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
  close?(): Promise<unknown>;
}

type Constructor = new (options: object) => CcxtBybit;

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
 * @param restUrl  another server that speaks V5, such as the loopback exchange
 */
export async function ccxtBybit(restUrl?: string): Promise<CcxtBybit> {
  const Bybit = await loadConstructor();
  const client = new Bybit({ enableRateLimit: false, timeout: 60_000 });
  if (restUrl !== undefined) {
    for (const name of Object.keys(client.urls.api)) {
      if (name !== "ws") client.urls.api[name] = restUrl;
    }
  }
  return client;
}
