/** The REST desk: answers requests, remembers them, and decides which go wrong. */
import { checkCount, fold, type Key } from "../core/index.js";
import type { Exchange } from "./exchange.js";
import { canBefall, drawFault, FAULTS, type FaultKind } from "./faults/faults.js";
import { type Answer, answerOf, type Envelope, injured, rowsOf } from "./faults/injury.js";
import { type Query, restAnswer } from "./rest.js";
import type { LoopbackOptions, Page, RequestRecord } from "./types.js";

const KLINE = "/v5/market/kline";

/** Holds what requests came and which faults are ordered. */
export class Desk {
  readonly records: RequestRecord[] = [];
  readonly #exchange: Exchange;
  readonly #options: LoopbackOptions;
  readonly #share: number;
  readonly #kinds: readonly FaultKind[];
  readonly #pages: readonly { page: Page; envelope: Envelope }[];
  readonly #ordered: FaultKind[] = [];
  readonly #counts = new Map<string, number>();

  /** @throws RangeError when the share of faults is outside 0 … 1, a kind unknown or a page not JSON */
  constructor(exchange: Exchange, options: LoopbackOptions) {
    this.#exchange = exchange;
    this.#options = options;
    this.#pages = (options.pages ?? []).map((page) => ({ page, envelope: envelopeIn(page) }));
    this.#share = options.faults?.share ?? 0;
    this.#kinds = options.faults?.kinds ?? FAULTS;
    if (!(this.#share >= 0 && this.#share <= 1)) {
      throw new RangeError(`faults.share: expected a number from 0 to 1, got ${this.#share}`);
    }
    for (const kind of this.#kinds) checkKind(kind);
  }

  /** Orders `count` faults. */
  fail(kind: FaultKind, count: number): void {
    checkKind(kind);
    checkCount("count", count);
    for (let i = 0; i < count; i++) this.#ordered.push(kind);
  }

  /** The answer to a request at `now`; a request that nothing is served for gets 404. */
  answer(path: string, query: Query, now: number): Answer {
    const { page, envelope: brought } = this.#pages.find((one) => serves(one.page, path, query)) ?? {};
    const envelope = brought ?? restAnswer(this.#exchange, path, query, now);
    const { name, key } = this.#named(path, query);
    const fault = envelope && this.#faultOf(path, rowsOf(envelope).length, key);
    this.records.push({ path, query, at: now, fault: fault ?? "none" });
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    if (!envelope) return { status: 404, type: "text/plain", body: "404 page not found", delivery: "whole" };
    if (!fault) return answerOf(page ? page.body : envelope);
    return injured(fault, { envelope, other: () => this.#ofAnother(path, query, now, envelope) }, key);
  }

  #named(path: string, query: Query): { name: string; key: Key } {
    const name = `${path}?${new URLSearchParams(Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1)))}`;
    return { name, key: fold(this.#options.key, "request", name, this.#counts.get(name) ?? 0) };
  }

  #faultOf(path: string, rows: number, key: Key): FaultKind | undefined {
    const ordered = this.#ordered.findIndex((kind) => canBefall(kind, path, rows));
    if (ordered >= 0) return this.#ordered.splice(ordered, 1)[0];
    return drawFault(
      key,
      this.#share,
      this.#kinds.filter((kind) => canBefall(kind, path, rows)),
    );
  }

  /** The page of the next symbol of the category; of a made-up one where there is no other. */
  #ofAnother(path: string, query: Query, now: number, envelope: Envelope): Envelope {
    const all = this.#exchange.listings.filter(({ category }) => category === (query.category ?? "linear"));
    const next = all[(all.findIndex(({ symbol }) => symbol === query.symbol) + 1) % Math.max(all.length, 1)];
    const symbol = next && next.symbol !== query.symbol ? next.symbol : "ANOTHERUSDT";
    const answer = restAnswer(this.#exchange, path, { ...query, symbol }, now);
    if (answer && rowsOf(answer).length > 0) return answer;
    const list = rowsOf(envelope).map((row) => (Array.isArray(row) ? row : { ...row, symbol }));
    return { ...envelope, result: { ...envelope.result, symbol, list } };
  }
}

function serves(page: Page, path: string, query: Query): boolean {
  return (
    (page.path ?? KLINE) === path &&
    Object.entries(page.query).every(([name, value]) => query[name] === value)
  );
}

function envelopeIn({ query, body }: Page): Envelope {
  if (typeof body !== "string") return body as Envelope;
  try {
    return JSON.parse(body) as Envelope;
  } catch (cause) {
    const request = new URLSearchParams(query);
    throw new RangeError(`pages: expected JSON for ${request}, got ${body.slice(0, 40)}`, { cause });
  }
}

function checkKind(kind: FaultKind): void {
  if (!FAULTS.includes(kind)) throw new RangeError(`expected a fault of ${FAULTS.join(", ")}, got ${kind}`);
}
