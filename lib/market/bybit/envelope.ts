/** The envelope that every answer of Bybit V5 comes in. */
import { z } from "zod";
import { BybitError } from "./error.js";

/** A number as V5 writes it, a text: finite and not empty. */
export const decimal = z
  .string()
  .regex(/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i, "expected a number")
  .transform(Number)
  .refine(Number.isFinite, "expected a finite number");

/** A time in UTC milliseconds, text or number. */
export const millis = z
  .union([z.string().regex(/^\d+$/, "expected whole milliseconds"), z.number()])
  .transform(Number)
  .refine((time) => Number.isSafeInteger(time) && time > 0, "expected whole milliseconds");

const ENVELOPE = z.object({
  retCode: z.union([z.string().regex(/^\d+$/), z.number().int()]).transform(Number),
  retMsg: z.string(),
  result: z.unknown(),
  time: millis,
});

/** A checked answer: its result, and the exchange's clock when it was given, UTC ms. */
export interface Answer<T> {
  readonly result: T;
  readonly answeredAt: number;
}

/** No row of V5 has more fields. */
const MOST_FIELDS = 16;

/**
 * The result of a body.
 * @param schema  of the result
 * @param most    rows that were asked for: a list of more is refused before it is looked at
 * @throws BybitError of kind "payload" that says where the body is not what was expected.
 */
export function answerOf<T extends z.ZodType>(
  body: unknown,
  { schema, symbol, what, most }: { schema: T; symbol: string; what: string; most: number },
): Answer<z.output<T>> {
  const envelope = ENVELOPE.safeParse(body);
  if (!envelope.success) throw misshapen(body, envelope.error, { symbol, what });
  const { retCode, retMsg, time } = envelope.data;
  if (retCode !== 0) throw new BybitError("request", symbol, `Bybit answered ${retCode}: ${retMsg}`);
  const excess = excessOf(envelope.data.result, most);
  if (excess) throw new BybitError("payload", symbol, `expected ${what}, got ${excess}`);
  const result = schema.safeParse(envelope.data.result);
  if (!result.success) throw misshapen(envelope.data.result, result.error, { symbol, what });
  return { result: result.data, answeredAt: time };
}

/** What there is too much of in the lists of a result, in words. */
function excessOf(result: unknown, most: number): string | undefined {
  if (typeof result !== "object") return undefined;
  for (const [name, list] of Object.entries(result ?? {})) {
    if (!Array.isArray(list)) continue;
    if (list.length > most) return `${list.length} rows of ${name} where at most ${most} were asked for`;
    const long = list.find((row) => Array.isArray(row) && row.length > MOST_FIELDS) as unknown[] | undefined;
    if (long) return `a row of ${long.length} fields in ${name}`;
  }
  return undefined;
}

function misshapen(
  came: unknown,
  error: z.ZodError,
  { symbol, what }: { symbol: string; what: string },
): BybitError {
  const { path, message } = error.issues[0]!;
  const where = path.length > 0 ? ` (${path.join(".")}: ${message})` : "";
  return new BybitError("payload", symbol, `expected ${what}, got ${glimpse(came)}${where}`);
}

function glimpse(body: unknown): string {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return text === undefined || text === "" ? "nothing" : text.replace(/\s+/g, " ").slice(0, 80);
}
