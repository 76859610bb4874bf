/** Answers, whole or hurt, and how they go over the wire. */
import type { ServerResponse } from "node:http";
import { fold, integers, type Key, permutation } from "../../core/index.js";
import { decimal } from "../messages/decimal.js";
import type { FaultKind } from "./faults.js";

/** An HTTP answer; `delivery` says how much of it arrives before the connection breaks or stalls. */
export interface Answer {
  status: number;
  type: string;
  body: string;
  delivery: "whole" | "truncated" | "stalled" | "withheld" | "reset";
}

/** The envelope of every V5 answer. */
export interface Envelope {
  retCode: number;
  retMsg: string;
  result: Record<string, unknown>;
  retExtInfo: Record<string, unknown>;
  time: number;
}

/** A page that may get hurt. */
export interface Patient {
  envelope: Envelope;
  /** The same request answered for another symbol. */
  other: () => Envelope;
}

type Row = string[] | Record<string, unknown>;

const JSON_TYPE = "application/json; charset=utf-8";
const BLOCKED =
  "The Amazon CloudFront distribution is configured to block access from your country. " +
  "We can't connect to the server for this app or website at this time.";

const ERRORS: Readonly<Partial<Record<FaultKind, readonly [number, string]>>> = {
  "code-10000": [10000, "Server Timeout"],
  "code-10001": [10001, "params error: request parameter err"],
  "code-10006": [10006, "Too many visits. Exceeded the API Rate Limit."],
  "code-10016": [10016, "System error. Please try again later."],
  "code-10018": [10018, "Exceeded the IP Rate Limit."],
};

/** The envelope of a result. */
export function envelopeOf(result: Record<string, unknown>, time: number): Envelope {
  return { retCode: 0, retMsg: "OK", result, retExtInfo: {}, time };
}

/** The envelope of a refusal. */
export function refusal(retCode: number, retMsg: string, time: number): Envelope {
  return { retCode, retMsg, result: {}, retExtInfo: {}, time };
}

/** An envelope, or the text of one, as an answer. */
export function answerOf(body: object | string): Answer {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { status: 200, type: JSON_TYPE, body: text, delivery: "whole" };
}

/** The rows of an envelope's page. */
export function rowsOf(envelope: Envelope): Row[] {
  const list = envelope.result?.list;
  return Array.isArray(list) ? (list as Row[]) : [];
}

/** The answer with the fault in it; which rows are hurt is drawn from the key. */
export function injured(kind: FaultKind, patient: Patient, k: Key): Answer {
  const { envelope } = patient;
  const whole = answerOf(envelope);
  const error = ERRORS[kind];
  if (error) return answerOf(refusal(error[0], error[1], envelope.time));
  switch (kind) {
    case "malformed-json":
      return { ...whole, body: whole.body.slice(0, Math.floor(whole.body.length / 2)) };
    case "html-page":
      return page(200, "Just a moment...", "Checking your browser before accessing the site.");
    case "empty-body":
      return { ...whole, body: "" };
    case "null-list":
      return answerOf({ ...envelope, result: { ...envelope.result, list: null } });
    case "truncated-body":
      return { ...whole, delivery: "truncated" };
    case "stalled-body":
      return { ...whole, delivery: "stalled" };
    case "slow-headers":
      return { ...whole, delivery: "withheld" };
    case "reset":
      return { ...whole, delivery: "reset" };
    case "another-symbol":
      return answerOf(patient.other());
    default:
      return httpError(kind) ?? answerOf(withRows(envelope, hurtRows(kind, rowsOf(envelope), k)));
  }
}

/** Writes the answer as far as its delivery goes; what is withheld stays so until the connection ends. */
export function deliver(response: ServerResponse, answer: Answer): void {
  if (answer.delivery === "reset") response.socket?.resetAndDestroy();
  if (answer.delivery === "reset" || answer.delivery === "withheld") return;
  const body = Buffer.from(answer.body);
  response.writeHead(answer.status, { "content-type": answer.type, "content-length": body.length });
  if (answer.delivery === "whole") {
    response.end(body);
    return;
  }
  const half = body.subarray(0, Math.floor(body.length / 2));
  response.write(half, () => {
    if (answer.delivery === "truncated") response.socket?.destroy();
  });
}

function httpError(kind: FaultKind): Answer | undefined {
  switch (kind) {
    case "rate-403":
      return { ...page(403, "403 Forbidden", ""), type: "text/plain", body: "access too frequent" };
    case "geo-block":
      return page(403, "ERROR: The request could not be satisfied", BLOCKED);
    case "http-429":
      return page(429, "429 Too Many Requests", "Too many visits!");
    case "http-500":
      return page(500, "500 Internal Server Error", "");
    case "http-502":
      return page(502, "502 Bad Gateway", "");
    case "http-504":
      return page(504, "504 Gateway Time-out", "");
    case "http-524":
      return page(524, "524: A timeout occurred", "The origin web server timed out.");
    default:
      return undefined;
  }
}

function page(status: number, title: string, text: string): Answer {
  const body = `<HTML><HEAD><TITLE>${title}</TITLE></HEAD><BODY><H1>${title}</H1>\n${text}</BODY></HTML>`;
  return { status, type: "text/html", body, delivery: "whole" };
}

function withRows(envelope: Envelope, rows: readonly Row[]): Envelope {
  return { ...envelope, result: { ...envelope.result, list: rows } };
}

function hurtRows(kind: FaultKind, rows: readonly Row[], k: Key): Row[] {
  const some = 1 + Math.floor(rows.length / 10);
  if (kind === "missing-rows") {
    const gone = new Set(permutation(fold(k, "rows"), rows.length).subarray(0, some));
    return rows.filter((_, i) => !gone.has(i));
  }
  const [chosen, sign] = integers(fold(k, "row"), 2, rows.length * 2);
  const victim = chosen! % rows.length;
  return rows.flatMap((row, i) => {
    if (i !== victim) return [row];
    return kind === "duplicated-rows" ? [row, row] : [hurtRow(kind, row, sign! % 2 === 0)];
  });
}

function hurtRow(kind: FaultKind, row: Row, positive: boolean): Row {
  if (kind === "high-below-low") {
    const [time, open, , low, ...rest] = row as string[];
    return [time!, open!, decimal(Number(low) - Math.abs(Number(low)) / 100 - 1e-6), low!, ...rest];
  }
  const infinity = positive ? "Infinity" : "-Infinity";
  const value = kind === "infinite-field" ? infinity : kind === "nan-field" ? "NaN" : "";
  if (Array.isArray(row)) return row.map((field, column) => (column === 4 ? value : field));
  return { ...row, ["fundingRate" in row ? "fundingRate" : "price"]: value };
}
