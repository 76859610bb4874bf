/** The lines of a text file, packed or plain, read as a stream: however far it unpacks, only a piece is in memory. */
import { createGunzip } from "node:zlib";
import { openToRead } from "../../../core/index.js";

/** The longest line, and the most bytes a file may unpack to: twenty years of minutes are less. */
export const MOST_LINE = 4096;
export const MOST_BYTES: number = 2 ** 30;

/** Lines in a row, and the number of the first, counted from 1. */
export interface Lines {
  readonly first: number;
  readonly texts: readonly string[];
}

export interface LineOptions {
  /** As errors name it. */
  readonly file: string;
  readonly packed: boolean;
  /** Bytes when unpacked; default `MOST_BYTES`. */
  readonly mostBytes?: number;
}

/**
 * The lines without their ends, "\n" or "\r\n"; a byte order mark stays.
 * @throws Error naming the file when it is truncated or no gzip, no UTF-8, unpacks to too much, or has too long a line.
 */
export async function* linesOf(path: string, options: LineOptions): AsyncGenerator<Lines> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let [rest, first] = ["", 1];
  for await (const piece of pieces(path, options)) {
    const texts = (rest + decoded(decoder, piece, options.file)).split("\n");
    rest = texts.pop()!;
    checkLengths(options.file, [...texts, rest], first);
    yield { first, texts: texts.map(withoutReturn) };
    first += texts.length;
  }
  rest += decoded(decoder, undefined, options.file);
  if (rest !== "") yield { first, texts: [withoutReturn(rest)] };
}

async function* pieces(
  path: string,
  { file, packed, mostBytes = MOST_BYTES }: LineOptions,
): AsyncGenerator<Buffer> {
  const source = (await openToRead(path)).createReadStream();
  const unpacked = packed ? createGunzip() : undefined;
  if (unpacked) source.on("error", (error) => unpacked.destroy(error)).pipe(unpacked);
  let bytes = 0;
  try {
    for await (const piece of (unpacked ?? source) as AsyncIterable<Buffer>) {
      bytes += piece.length;
      if (bytes > mostBytes)
        throw new Error(`${file}: expected at most ${mostBytes} bytes of text, got more; split the file`);
      yield piece;
    }
  } catch (error) {
    throw packed ? gzipError(file, error as NodeJS.ErrnoException) : error;
  } finally {
    source.destroy();
    unpacked?.destroy();
  }
}

function gzipError(file: string, error: NodeJS.ErrnoException): Error {
  if (!error.code?.startsWith("Z_")) return error;
  const what =
    error.code === "Z_BUF_ERROR"
      ? `the file is truncated (${error.message}); copy it here again, whole`
      : `not a sound gzip file (${error.message}); name it .csv if it is plain text, or copy it here again`;
  return new Error(`${file}: ${what}`, { cause: error });
}

function decoded(decoder: TextDecoder, piece: Buffer | undefined, file: string): string {
  try {
    return piece ? decoder.decode(piece, { stream: true }) : decoder.decode();
  } catch (error) {
    throw new Error(`${file}: expected text in UTF-8, got other bytes; save it as CSV in UTF-8`, {
      cause: error,
    });
  }
}

function checkLengths(file: string, texts: readonly string[], first: number): void {
  const long = texts.findIndex((text) => text.length > MOST_LINE);
  if (long < 0) return;
  throw new Error(`${file} line ${first + long}: expected at most ${MOST_LINE} characters, got more`);
}

function withoutReturn(text: string): string {
  return text.endsWith("\r") ? text.slice(0, -1) : text;
}
