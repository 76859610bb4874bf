/** The dialect of a table of bars: its separator, its decimal sign, its columns. Told by the first lines alone. */

/** The columns of bars, by their names in a header. */
export const NAMES = ["timestamp", "open", "high", "low", "close", "volume"] as const;

const HEADER = NAMES.join(",");
const NUMBER = /^"?[+-]?\d+([.,]\d+)?([eE][+-]?\d+)?"?$/;
const DATE = /^"?\d{4}-\d\d-\d\d/;

export interface Dialect {
  readonly separator: string;
  readonly decimalComma: boolean;
  readonly hasHeader: boolean;
  /** Columns a line has. */
  readonly width: number;
  /** Where those of `NAMES` stand. */
  readonly places: readonly number[];
  /** What is not as in a file of ours, in words. */
  readonly notes: readonly string[];
}

/**
 * The dialect of a file.
 * @param line    its first line
 * @param second  the next, by which the decimal sign is told; undefined where there is none
 * @throws Error naming the file when the columns are not there.
 */
export function dialectOf(line: string, second: string | undefined, file: string): Dialect {
  const first = withoutMark(line);
  const separator = [",", ";", "\t"].find((sign) => first.split(sign).length >= NAMES.length) ?? ",";
  const fields = first.split(separator).map(unquoted);
  const hasHeader = !(NUMBER.test(fields[0]!) || DATE.test(fields[0]!)) || fields.length < NAMES.length;
  const places = hasHeader ? placesOf(fields, first, file) : NAMES.map((_, c) => c);
  const row = hasHeader ? (second?.split(separator).map(unquoted) ?? []) : fields;
  const decimalComma = separator !== "," && places.some((c) => /^[+-]?\d+,\d+/.test(row[c] ?? ""));
  const notes: string[] = first === line ? [] : ["a byte order mark passed over"];
  if (separator !== ",") notes.push(`parted by ${separator === ";" ? "semicolons" : "tabs"}`);
  if (decimalComma) notes.push("decimal commas");
  if (`${line}${second ?? ""}`.includes('"')) notes.push("numbers in quotes");
  if (!hasHeader) notes.push(`no header, read as ${HEADER}`);
  if (hasHeader && places.some((place, c) => fields[place] !== NAMES[c])) notes.push("header in capitals");
  const extra = fields.filter((_, c) => !places.includes(c));
  if (extra.length > 0)
    notes.push(hasHeader ? `${extra.join(", ")} left out` : `${extra.length} columns left out`);
  return { separator, decimalComma, hasHeader, width: fields.length, places, notes };
}

/** A first line without the mark that some programs set before it. */
export function withoutMark(line: string): string {
  return line.startsWith("\ufeff") ? line.slice(1) : line;
}

/** A field without the quotes around it. */
export function unquoted(field: string): string {
  return field.length > 1 && field.startsWith('"') && field.endsWith('"') ? field.slice(1, -1) : field;
}

function placesOf(fields: readonly string[], line: string, file: string): number[] {
  const found = fields.map((name) => name.toLowerCase());
  const places = NAMES.map((name) => found.indexOf(name));
  const twice = NAMES.find((name) => found.indexOf(name) !== found.lastIndexOf(name));
  if (twice) throw new Error(`${file} line 1: expected each column once, got ${twice} twice`);
  if (!places.includes(-1)) return places;
  throw new Error(`${file} line 1: expected the columns ${HEADER}, got ${shortened(line)}`);
}

/** A text from a file as an error shows it: not too long, and nothing in it that a screen would obey or hide. */
export function shortened(text: string): string {
  const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return (
    JSON.stringify(shown)
      .slice(1, -1)
      .replace(/[\u007f-\u009f\u200b-\u200f\u202a-\u202e\ufeff]/g, codeOf) || "an empty line"
  );
}

function codeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
