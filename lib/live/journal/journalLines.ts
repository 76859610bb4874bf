/** The lines of a journal's file: each carries its number and a check that chains it to all lines before. */
import { createHash } from "node:crypto";

/** A record of the journal, and its place there, counted from 0 over all files. */
export interface Entry {
  readonly number: number;
  readonly record: unknown;
}

/** How far a chain of lines has come: the number and the check of its last line. */
export interface Chain {
  readonly next: number;
  readonly check: string;
}

export const EMPTY_CHAIN: Chain = { next: 0, check: "0".repeat(16) };

const HEADER = "vitrade journal 1";
const NEWLINE = 10;

/** The first line of a file that continues `chain`. */
export function headerLine({ next, check }: Chain): string {
  const header = `${HEADER} ${next} ${check}`;
  return `${header} ${digest(header)}\n`;
}

/**
 * The line of a record, and the chain with it.
 * @throws RangeError when the record holds a number that JSON cannot hold.
 */
export function entryLine(chain: Chain, record: unknown): { readonly line: string; readonly chain: Chain } {
  const json = JSON.stringify(record, refuseLoss);
  const check = checkOf(chain, Buffer.from(json));
  return { line: `${chain.next} ${check} ${json}\n`, chain: { next: chain.next + 1, check } };
}

function refuseLoss(name: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value))
    throw new RangeError(`${name} of a record: expected a finite number or null, got ${value}`);
  return value;
}

/** The entries of a file, where its chain stands after them, and how many of its bytes are sound. */
export interface FileContents {
  readonly entries: readonly Entry[];
  readonly before: Chain;
  readonly after: Chain;
  readonly bytes: number;
}

/**
 * Reads a file. What follows the last newline is a write that was not finished, and is left out.
 *
 * A finished line was acknowledged, so damage to one is refused, also to the last; and so is the lack of the snapshot with which a
 * later file begins, for that was there as soon as the file was.
 * @throws Error naming the first line that is damaged.
 */
export function readLines(path: string, content: Buffer): FileContents {
  const lines = finishedLines(content);
  const before = chainOf(path, lines[0]);
  const entries: Entry[] = [];
  let [after, bytes] = [before, lines[0]!.length + 1]; // with the newline
  for (let i = 1; i < lines.length; i++) {
    const found = entryOf(lines[i]!, after);
    if (!found) throw new Error(`${path}, line ${i + 1}: damaged, expected entry ${after.next}`);
    entries.push(found.entry);
    after = found.chain;
    bytes += lines[i]!.length + 1;
  }
  if (before.next > 0 && entries.length === 0)
    throw new Error(`${path}, line 2: damaged, expected a snapshot`);
  return { entries, before, after, bytes };
}

function finishedLines(content: Buffer): readonly Buffer[] {
  const lines: Buffer[] = [];
  let from = 0;
  for (let end = content.indexOf(NEWLINE); end >= 0; end = content.indexOf(NEWLINE, from)) {
    lines.push(content.subarray(from, end));
    from = end + 1;
  }
  return lines;
}

function chainOf(path: string, line: Buffer | undefined): Chain {
  const [header = "", next, check] =
    /^vitrade journal 1 (\d+) ([0-9a-f]{16})(?= )/.exec(line?.toString("latin1") ?? "") ?? [];
  if (line?.toString("latin1") !== `${header} ${digest(header)}`)
    throw new Error(`${path}, line 1: damaged, expected the header "${HEADER}"`);
  return { next: Number(next), check: check! };
}

/** The entry of a line that continues the chain; undefined where it does not. */
function entryOf(line: Buffer, chain: Chain): { readonly entry: Entry; readonly chain: Chain } | undefined {
  const start = `${chain.next} `;
  const head = start.length + chain.check.length + 1;
  const json = line.subarray(head);
  const check = checkOf(chain, json);
  if (line.toString("latin1", 0, head) !== `${start}${check} `) return undefined;
  return {
    entry: { number: chain.next, record: JSON.parse(json.toString()) },
    chain: { next: chain.next + 1, check },
  };
}

function checkOf({ next, check }: Chain, json: Uint8Array): string {
  return digest(`${check} ${next} `, json);
}

function digest(start: string, rest: Uint8Array = new Uint8Array(0)): string {
  return createHash("sha256").update(start).update(rest).digest("hex").slice(0, 16);
}
