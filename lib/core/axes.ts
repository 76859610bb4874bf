/** Shape checks at public doors: an error says what was expected, what came, and where. */

/**
 * Checks that the lengths of all axes are those expected; -1 in `expected` matches any length.
 * @param actual    [axes] of a tensor or an array
 * @param expected  [axes]
 * @throws RangeError that names it and says both shapes.
 */
export function checkShape(name: string, actual: readonly number[], expected: readonly number[]): void {
  const matches = actual.length === expected.length && expected.every((n, i) => n === -1 || n === actual[i]);
  if (matches) return;
  const wanted = expected.map((n) => (n === -1 ? "any" : n)).join(", ");
  throw new RangeError(`${name}: expected shape [${wanted}], got [${actual.join(", ")}]`);
}

/**
 * Checks that `values` has `length` entries.
 * @throws RangeError that names it and says both lengths.
 */
export function checkLength(name: string, values: ArrayLike<unknown>, length: number): void {
  if (values.length !== length)
    throw new RangeError(`${name}: expected ${length} values, got ${values.length}`);
}

/**
 * Checks that all of `values` [N] are finite.
 * @throws RangeError that names the first entry that is not.
 */
export function checkFinite(name: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]))
      throw new RangeError(`${name}[${i}]: expected a finite number, got ${values[i]}`);
  }
}

/**
 * Checks that `value` is finite and greater than zero.
 * @throws RangeError that names it and says what came.
 */
export function checkPositive(name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value)))
    throw new RangeError(`${name}: expected a positive number, got ${value}`);
}

/**
 * Checks that `value` is an integer of at least `least`.
 * @throws RangeError that names it and says what came.
 */
export function checkCount(name: string, value: number, least = 1): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`${name}: expected an integer of at least ${least}, got ${value}`);
  }
}
