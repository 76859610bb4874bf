/** Numbers as a reader sees them. */

/**
 * `value` to `digits` significant digits, with a typographic minus; integers in full, "–" for NaN.
 *
 * The whole part is never rounded away: 12345.6 to three digits is 12346. Below 1e-4 and above 1e9 comes a power of ten.
 */
export function significant(value: number, digits: number): string {
  if (Number.isNaN(value)) return "–";
  const size = Math.abs(value);
  const sign = value < 0 ? "−" : "";
  if (size === Number.POSITIVE_INFINITY) return `${sign}∞`;
  if (Number.isInteger(value) && size < 1e15) return `${sign}${size}`;
  if (size < 1e-4 || size >= 1e9)
    return `${sign}${size.toExponential(digits - 1)}`.replace(/e\+?(-?)/, (_, minus) => `e${minus && "−"}`);
  return sign + (size >= 10 ** (digits - 1) ? size.toFixed(0) : size.toPrecision(digits));
}

/** `value` to `decimals` decimals, with a typographic minus; "–" for NaN. What rounds to zero has no sign. */
export function fixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return significant(value, 1);
  const digits = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(digits) > 0 ? `−${digits}` : digits;
}
