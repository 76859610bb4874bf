/** Prose that a cell writes, so that its numbers are those of the run. */
import { display } from "./display.js";

/**
 * Displays Markdown as a paragraph of the chapter, such as `say(\`The gap is ${round(gap, 2)} nats.\`)`.
 * @throws RangeError when the text is blank or holds NaN, undefined or [object.
 */
export function say(markdown: string): void {
  if (markdown.trim() === "") throw new RangeError("say: expected a sentence, got a blank text");
  const wrong = /\bNaN\b|\bundefined\b|\[object /.exec(markdown);
  if (wrong) throw new RangeError(`say: expected numbers and words, got "${wrong[0]}" in "${markdown}"`);
  display({ "text/markdown": markdown, "text/plain": markdown });
}

/**
 * A number as prose shows it: so many significant digits, a true minus sign, no trailing exponent below a million.
 * @throws RangeError when the value is not finite.
 */
export function number(value: number, digits = 3): string {
  if (!Number.isFinite(value)) throw new RangeError(`number: expected a finite number, got ${value}`);
  const rounded = Number(value.toPrecision(digits));
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(rounded) || 1)));
  return rounded
    .toLocaleString("en-GB", { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
    .replace("-", "−");
}

/**
 * The text "estimate ± half width" of an interval, such as "0.42 ± 0.31", to as many decimals as the half width needs.
 * @throws RangeError when the value is not finite or the half width is negative.
 */
export function plusMinus(value: number, halfWidth: number): string {
  if (!Number.isFinite(value) || !(halfWidth >= 0))
    throw new RangeError(`plusMinus: expected a number and a half width, got ${value} and ${halfWidth}`);
  const decimals = Math.max(0, 1 - Math.floor(Math.log10(halfWidth || 1)));
  const fixed = (x: number) => x.toFixed(decimals).replace("-", "−");
  return `${fixed(value)} ± ${fixed(halfWidth)}`;
}

/** An estimate with its interval, such as "0.42 (0.11 to 0.73)", each to so many significant digits. */
export function interval(
  { estimate, lower, upper }: { readonly estimate: number; readonly lower: number; readonly upper: number },
  digits = 2,
): string {
  return `${number(estimate, digits)} (${number(lower, digits)} to ${number(upper, digits)})`;
}
