/** Errors of the exchange, and whether asking again may help. */

/** Fatal are: location, symbol, request, clock, stopped. The others may pass. */
export type BybitFault =
  | "location"
  | "symbol"
  | "request"
  | "clock"
  | "rate limit"
  | "payload"
  | "timeout"
  | "network"
  | "server"
  | "stopped";

/** Times asked for, from `since` to before `until`, UTC milliseconds. */
export interface AskedWindow {
  readonly since: number;
  readonly until: number;
}

/** An answer that was not to be had, with what was asked. */
export class BybitError extends Error {
  override readonly name = "BybitError";
  readonly kind: BybitFault;
  readonly symbol: string;
  /** How often it was asked. */
  readonly attempts: number;
  /** Undefined where no times were asked for. */
  readonly window: AskedWindow | undefined;

  constructor(
    kind: BybitFault,
    symbol: string,
    message: string,
    options: { attempts?: number; window?: AskedWindow | undefined; cause?: unknown } = {},
  ) {
    super(`${symbol}: ${message}`, { cause: options.cause });
    this.kind = kind;
    this.symbol = symbol;
    this.attempts = options.attempts ?? 1;
    this.window = options.window;
  }
}

/** What is wrong with an answer, before it is known whose it is. */
export class AnswerFault extends Error {
  override readonly name = "AnswerFault";
  readonly kind: BybitFault;

  constructor(kind: BybitFault, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** A fault of one attempt, before it is known whether another helps. */
export interface Failure {
  readonly kind: BybitFault;
  readonly message: string;
  /** How long Bybit wants to be left alone, ms; where it says. */
  readonly restMs?: number;
}

const FATAL: readonly BybitFault[] = ["location", "symbol", "request", "clock", "stopped"];
const REFUSED: readonly string[] = [
  "BadRequest",
  "BadSymbol",
  "AuthenticationError",
  "PermissionDenied",
  "ArgumentsRequired",
  "NotSupported",
];
const TEN_MINUTES = 600_000;
/** Bybit's codes for faults of its own, which pass; what it refuses with another code, it refuses again. */
const SERVER_CODES: readonly number[] = [10000, 10016, 10429];
/** Of the text of an error, which may quote a whole answer: the rest is not looked at. */
const LONGEST = 4000;

export function isFatal(kind: BybitFault): boolean {
  return FATAL.includes(kind);
}

/** What an error of ccxt, or of our own checks, amounts to. */
export function failureOf(error: unknown): Failure {
  if (error instanceof BybitError) return { kind: error.kind, message: error.message };
  if (error instanceof AnswerFault) return { kind: error.kind, message: brief(error.message) };
  const name = (error as { constructor?: { name?: string } } | null)?.constructor?.name ?? "";
  const text = withoutAddress(String((error as Error | null)?.message ?? error).slice(0, LONGEST));
  const code = Number(/"retCode":\s*"?(\d+)/.exec(text)?.[1]);
  if (code === 10024 || /CloudFront|block access from your country|Compliance rules/i.test(text)) {
    return {
      kind: "location",
      message: "Bybit refuses this location (a block by country); no other attempt will help",
    };
  }
  if (SERVER_CODES.includes(code)) return { kind: "server", message: brief(text) };
  if (
    name === "BadSymbol" ||
    /symbol invalid|invalid symbol|Not supported symbols|symbol params err/i.test(text)
  )
    return { kind: "symbol", message: `Bybit knows no such symbol: ${brief(text)}` };
  if (name === "RateLimitExceeded" || name === "DDoSProtection") return tooMany(text);
  if (REFUSED.includes(name) || code > 0)
    return { kind: "request", message: `Bybit refuses the request: ${brief(text)}` };
  if (name === "RequestTimeout")
    return { kind: "timeout", message: `no whole answer in time: ${brief(text)}` };
  if (name === "ExchangeNotAvailable" || name === "ExchangeError")
    return { kind: "server", message: brief(text) };
  return { kind: "network", message: brief(text) };
}

function tooMany(text: string): Failure {
  if (!/too frequent/i.test(text))
    return { kind: "rate limit", message: `too many requests: ${brief(text)}` };
  return {
    kind: "rate limit",
    message: "too many requests (HTTP 403, access too frequent): Bybit asks for a pause of ten minutes",
    restMs: TEN_MINUTES,
  };
}

/** Without the address that was asked: its times and symbols may look like codes and causes. */
function withoutAddress(text: string): string {
  return text.replace(/https?:\/\/[^\s"<]*\?[^\s"<]*/g, "");
}

function brief(text: string): string {
  return text.replace(/\s+/g, " ").slice(0, 160);
}
