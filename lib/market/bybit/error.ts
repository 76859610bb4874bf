/** What can go wrong with the exchange, and whether asking again may help. */

/** Fatal are: location, symbol, request. The others may pass. */
export type BybitFault =
  | "location"
  | "symbol"
  | "request"
  | "rate limit"
  | "payload"
  | "timeout"
  | "network"
  | "server"
  | "stopped";

/** An answer that was not to be had, with what was asked. */
export class BybitError extends Error {
  override readonly name = "BybitError";
  readonly kind: BybitFault;
  readonly symbol: string;
  /** How often it was asked. */
  readonly attempts: number;

  constructor(
    kind: BybitFault,
    symbol: string,
    message: string,
    options: { attempts?: number; cause?: unknown } = {},
  ) {
    super(`${symbol}: ${message}`, { cause: options.cause });
    this.kind = kind;
    this.symbol = symbol;
    this.attempts = options.attempts ?? 1;
  }
}

/** A fault of one attempt, before it is known whether another helps. */
export interface Failure {
  readonly kind: BybitFault;
  readonly message: string;
}

const FATAL: readonly BybitFault[] = ["location", "symbol", "request", "stopped"];

export function isFatal(kind: BybitFault): boolean {
  return FATAL.includes(kind);
}

/** What an error of ccxt, or of our own checks, amounts to. */
export function failureOf(error: unknown): Failure {
  if (error instanceof BybitError) return { kind: error.kind, message: error.message };
  const name = (error as { constructor?: { name?: string } } | null)?.constructor?.name ?? "";
  const text = String((error as Error | null)?.message ?? error);
  if (/CloudFront|block access from your country|Compliance rules|10024/i.test(text)) {
    return {
      kind: "location",
      message: "Bybit refuses this location (HTTP 403, a block by country); no other attempt will help",
    };
  }
  if (/"retCode":\s*"?(10000|10016|10429)\b/.test(text)) return { kind: "server", message: brief(text) };
  if (/symbol invalid|invalid symbol|Not supported symbols|params error: symbol/i.test(text)) {
    return { kind: "symbol", message: `Bybit knows no such symbol: ${brief(text)}` };
  }
  if (name === "RateLimitExceeded" || name === "DDoSProtection") {
    const long = /too frequent/i.test(text);
    return {
      kind: "rate limit",
      message: long
        ? "too many requests (HTTP 403, access too frequent): Bybit asks for a pause of ten minutes"
        : `too many requests: ${brief(text)}`,
    };
  }
  if (
    [
      "BadRequest",
      "BadSymbol",
      "AuthenticationError",
      "PermissionDenied",
      "ArgumentsRequired",
      "NotSupported",
    ].includes(name)
  ) {
    return {
      kind: name === "BadSymbol" ? "symbol" : "request",
      message: `Bybit refuses the request: ${brief(text)}`,
    };
  }
  if (name === "RequestTimeout") return { kind: "timeout", message: `no answer in time: ${brief(text)}` };
  if (name === "ExchangeNotAvailable" || name === "ExchangeError")
    return { kind: "server", message: brief(text) };
  return { kind: "network", message: brief(text) };
}

function brief(text: string): string {
  return text.replace(/\s+/g, " ").slice(0, 160);
}
