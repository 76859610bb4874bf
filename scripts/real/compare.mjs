/** Results of two runs compared number by number. */

/** Digits that are kept: far more than any figure shows, and fewer than float32 sums in another order change. */
const DIGITS = 6;

/** The value with its numbers rounded to six significant digits. */
export function rounded(value) {
  if (typeof value === "number") return Number.isFinite(value) ? Number(value.toPrecision(DIGITS)) : null;
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return Array.from(value, rounded);
  if (value && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([name, own]) => [name, rounded(own)]));
  return value;
}

/**
 * Where two results differ: path, what was expected and what came.
 * @param tolerance  relative, of numbers; 0 or more
 */
export function differences(expected, came, tolerance, path = "") {
  if (typeof expected === "number" && typeof came === "number") {
    const room = tolerance * Math.max(Math.abs(expected), Math.abs(came));
    return Math.abs(expected - came) <= room ? [] : [{ path, expected, came }];
  }
  const isTree = (value) => value !== null && typeof value === "object";
  if (!isTree(expected) || !isTree(came)) return expected === came ? [] : [{ path, expected, came }];
  const names = [...new Set([...Object.keys(expected), ...Object.keys(came)])];
  return names.flatMap((name) =>
    differences(expected[name], came[name], tolerance, path ? `${path}.${name}` : name),
  );
}
