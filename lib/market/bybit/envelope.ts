/** What every answer of Bybit V5 has in common. */
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

/**
 * The result of a body.
 * @param schema  of the result
 * @throws BybitError of kind "payload" that says where the body is not what was expected.
 */
export function answerOf<T extends z.ZodType>(
  body: unknown,
  { schema, symbol, what }: { schema: T; symbol: string; what: string },
): Answer<z.output<T>> {
  const envelope = ENVELOPE.safeParse(body);
  if (!envelope.success) throw misshapen(body, envelope.error, { symbol, what });
  const { retCode, retMsg, time } = envelope.data;
  if (retCode !== 0) throw new BybitError("payload", symbol, `Bybit answered ${retCode}: ${retMsg}`);
  const result = schema.safeParse(envelope.data.result);
  if (!result.success) throw misshapen(envelope.data.result, result.error, { symbol, what });
  return { result: result.data, answeredAt: time };
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
