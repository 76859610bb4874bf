/** A file that carries the hash of itself, so that damage shows without any other record. */
import { createHash } from "node:crypto";

const MARK = "sha256:";
const DIGITS = 64;

/** What stands in a file until `seal` puts the hash in its place. */
export const UNSEALED: string = MARK + "0".repeat(DIGITS);

/** SHA-256 in hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * Puts the hash of the file, taken with zeros in its place, where `UNSEALED` stands last.
 * @throws RangeError when it stands nowhere.
 */
export function seal(bytes: Uint8Array): Uint8Array {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = file.lastIndexOf(UNSEALED);
  if (at < 0) throw new RangeError("expected a place for the seal, got none");
  file.write(sha256(file), at + MARK.length, "latin1");
  return file;
}

/** Whether the file is, to the bit, what `seal` made. */
export function isSealed(bytes: Uint8Array): boolean {
  const file = Buffer.from(bytes);
  const at = file.lastIndexOf(MARK) + MARK.length;
  if (at < MARK.length || at + DIGITS > file.length) return false;
  const found = file.toString("latin1", at, at + DIGITS);
  file.fill("0", at, at + DIGITS);
  return sha256(file) === found;
}
