/** Shape checks at public doors: an error says what was expected, what came, and where. */

/** Throws a RangeError unless `actual` equals `expected`; -1 in `expected` matches any length. */
export function checkShape(name: string, actual: readonly number[], expected: readonly number[]): void {
  const matches = actual.length === expected.length && expected.every((n, i) => n === -1 || n === actual[i]);
  if (matches) return;
  const wanted = expected.map((n) => (n === -1 ? "any" : n)).join(", ");
  throw new RangeError(`${name}: expected shape [${wanted}], got [${actual.join(", ")}]`);
}

/** Throws a RangeError unless `values` has `length` entries. */
export function checkLength(name: string, values: ArrayLike<unknown>, length: number): void {
  if (values.length !== length)
    throw new RangeError(`${name}: expected ${length} values, got ${values.length}`);
}

/** Throws a RangeError naming the first entry of `values` that is not finite. */
export function checkFinite(name: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]))
      throw new RangeError(`${name}[${i}]: expected a finite number, got ${values[i]}`);
  }
}

/** Throws a RangeError unless `value` is finite and greater than zero. */
export function checkPositive(name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value)))
    throw new RangeError(`${name}: expected a positive number, got ${value}`);
}

/** Throws a RangeError unless `value` is an integer of at least `least`. */
export function checkCount(name: string, value: number, least = 1): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`${name}: expected an integer of at least ${least}, got ${value}`);
  }
}
