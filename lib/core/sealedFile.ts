/** Files of a head of JSON and a body of bytes that carry their own SHA-256: what is not as it was written is refused. */
import { createHash } from "node:crypto";
import { readWhole, writeWhole } from "./files.js";

const NEWLINE = 10;
const DIGITS = 64;

/** The kind of a file: its first line, and its name in words. */
export interface SealedKind {
  /** The first line, without its end. */
  readonly magic: string;
  /** As an error says it, such as "a dataset of vitrade prepare". */
  readonly name: string;
}

/** Content of a sealed file. */
export interface SealedContent {
  /** Of the JSON: its shape is not looked at. */
  readonly head: unknown;
  readonly body: Uint8Array;
  /** SHA-256 of head and body in hexadecimal: the name of the content. */
  readonly sha256: string;
}

/** Writes the file, whole or not at all, and returns the SHA-256 of its content. */
export async function writeSealed(
  path: string,
  { magic }: SealedKind,
  head: object,
  body: readonly ArrayBufferView[],
): Promise<string> {
  const parts = body.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength));
  const content = Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), ...parts]);
  const sha256 = hashOf(content);
  await writeWhole(path, Buffer.concat([Buffer.from(`${magic}\n${sha256}\n`), content]));
  return sha256;
}

/**
 * Head and body of a sealed file, once its SHA-256 has been found to be right.
 * @throws Error naming the file when it is of another kind, or a bit of it is not as it was written.
 */
export async function readSealed(path: string, { magic, name }: SealedKind): Promise<SealedContent> {
  const bytes = await readWhole(path);
  const start = magic.length + 1;
  if (bytes.toString("latin1", 0, start) !== `${magic}\n`)
    throw new Error(`${path}: expected ${name}, got ${kindOf(bytes, magic)}`);
  const from = start + DIGITS + 1;
  const sha256 = bytes.toString("latin1", start, from - 1);
  const content = bytes.subarray(from);
  if (bytes[from - 1] !== NEWLINE || hashOf(content) !== sha256)
    throw new Error(
      `${path}: expected content of the SHA-256 that it names, got another; the file is damaged`,
    );
  const end = content.indexOf(NEWLINE);
  return {
    head: jsonOf(path, content.subarray(0, Math.max(0, end))),
    body: content.subarray(end + 1),
    sha256,
  };
}

/** What came in place of the kind, in words; the number at the end of the magic is the version. */
function kindOf(bytes: Uint8Array, magic: string): string {
  if (bytes.length === 0) return "an empty file";
  const first = Buffer.from(bytes.subarray(0, magic.length + 8))
    .toString("latin1")
    .split("\n")[0]!;
  const family = magic.replace(/\d+$/, "");
  if (first.startsWith(family) && /^\d+$/.test(first.slice(family.length)))
    return `one of version ${first.slice(family.length)}, which this version does not read: make it anew`;
  return "another kind of file";
}

function jsonOf(path: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    throw new Error(`${path}: expected a head of JSON, got none; the file is damaged`);
  }
}

function hashOf(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
