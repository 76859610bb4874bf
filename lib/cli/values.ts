/** Words of the command line as values; what makes no sense is said with what was expected and what came. */
import { InvalidArgumentError } from "commander";

/** Symbols by Bybit's names, parted by commas, each once. */
export function symbolsOf(text: string): readonly string[] {
  const symbols = text.split(",").map((symbol) => symbol.trim());
  if (symbols.includes("")) throw wrong("names such as BTCUSDT,ETHUSDT", text || "nothing");
  const twice = symbols.find((symbol, i) => symbols.indexOf(symbol) !== i);
  if (twice !== undefined) throw wrong("each symbol once", `${twice} twice`);
  return symbols;
}

/** The path of a file or folder: of nothing the working folder would be meant. */
export function pathOf(text: string): string {
  if (text.trim() === "") throw wrong("a path", "nothing");
  if (text.includes("\0")) throw wrong("a path", JSON.stringify(text));
  return text;
}

/** A time in UTC, milliseconds; the calendar's mistakes, such as 30 February, are refused. */
export function timeOf(text: string): number {
  const [, day = "", clock = "T00:00"] = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d)?)?Z?$/.exec(text) ?? [];
  const time = Date.parse(`${day}${clock}Z`);
  if (Number.isFinite(time) && new Date(time).toISOString().startsWith(day)) return time;
  throw wrong("a time in UTC such as 2024-01-01 or 2024-01-01T12:00", text);
}

/** An address of a server, without a slash at its end. */
export function urlOf(text: string): string {
  if (/^(https?|wss?):\/\/[^/]/.test(text) && URL.canParse(text)) return text.replace(/\/+$/, "");
  throw wrong("an address such as http://127.0.0.1:8080", text);
}

/** More of anything than a command is asked for: nineteen years of minutes. */
const MOST = 10_000_000;

/** An integer of at least 1. */
export function countOf(text: string): number {
  const value = Number(text);
  if (!(/^\d+$/.test(text) && value > 0)) throw wrong("a whole number of at least 1", text);
  if (value <= MOST) return value;
  throw wrong("a whole number of at most 10,000,000", text);
}

/** An integer of at least 0. */
export function latencyOf(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw wrong("a whole number of 0 or more", text);
}

/** A port of this machine, 0 for any that is free. */
export function portOf(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw wrong("a port from 0 to 65535", text);
}

/** A share between 0 and 1, both left out. */
export function fractionOf(text: string): number {
  const value = Number(text);
  if (value > 0 && value < 1) return value;
  throw wrong("a share between 0 and 1", text);
}

/** A number of at least 0. */
export function amountOf(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value >= 0) return value;
  throw wrong("a number of 0 or more", text);
}

/** A positive number. */
export function positiveOf(text: string): number {
  if (Number(text) > 0 && Number.isFinite(Number(text))) return Number(text);
  throw wrong("a positive number", text);
}

/** A seed: an integer, or a name. */
export function seedOf(text: string): number | string {
  if (text === "") throw wrong("an integer or a name", "nothing");
  const value = Number(text);
  return /^-?\d+$/.test(text) && Number.isSafeInteger(value) ? value : text;
}

function wrong(expected: string, got: string): InvalidArgumentError {
  return new InvalidArgumentError(`expected ${expected}, got ${got}`);
}
