/** The body of an answer as text: never longer than what was asked for can be, and never nested deeper. */
import { AnswerFault } from "./error.js";

/** Of an envelope without its rows, and of one row, bytes: several times what Bybit writes. */
const ENVELOPE_BYTES = 65_536;
const ROW_BYTES = 512;
const INSTRUMENT_BYTES = 2048;
/** Brackets within each other, of a V5 answer or frame: six are in use. */
export const MOST_NESTED = 32;

/** The most bytes that an answer to this address may have: rows asked for, times what a row can take. */
export function mostBytes(address: string): number {
  const { pathname, searchParams } = new URL(address);
  const rows = Math.max(1, Number(searchParams.get("limit")) || 1);
  return ENVELOPE_BYTES + rows * (pathname.endsWith("instruments-info") ? INSTRUMENT_BYTES : ROW_BYTES);
}

/**
 * Reads a body part by part, decompressed. Node's own `text()` knows no limit, may miss the signal once the headers have come, and then
 * waits for ever.
 * @throws AnswerFault as soon as there are more than `most` bytes, or when brackets are nested too deep to be parsed in good time.
 */
export async function textOf(answer: Response, most: number, signal: AbortSignal): Promise<string> {
  const announced = Number(answer.headers.get("content-length"));
  const reader = answer.body?.getReader();
  if (!reader) return "";
  const cut = (): void => void reader.cancel().catch(() => undefined); // ends `read` below and the connection
  if (announced > most) {
    cut();
    throw tooLong(most, announced);
  }
  signal.addEventListener("abort", cut);
  if (signal.aborted) cut();
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    bytes += part.value.length;
    if (bytes > most) {
      cut();
      throw tooLong(most, bytes);
    }
    parts.push(part.value);
  }
  signal.throwIfAborted();
  const body = Buffer.concat(parts);
  if (depthOf(body) > MOST_NESTED)
    throw new AnswerFault("payload", `expected at most ${MOST_NESTED} brackets within each other, got more`);
  return body.toString();
}

function tooLong(most: number, came: number): AnswerFault {
  return new AnswerFault(
    "payload",
    `expected at most ${most} bytes for what was asked, got ${came} and more`,
  );
}

/** How deep brackets lie within each other in JSON; those in texts count too, of which an answer has few. */
export function depthOf(json: Uint8Array | string): number {
  let [depth, deepest] = [0, 0];
  for (const code of typeof json === "string" ? Buffer.from(json) : json) {
    if (code === 0x5b || code === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x5d || code === 0x7d) depth--;
  }
  return deepest;
}
