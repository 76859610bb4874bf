/** Claims: a sentence of a notebook's prose, asserted beside it, so that the notebook fails when it stops being true. */
import { type ClaimMode, claimMode, truthIsKnown } from "../../core/index.js";
import { canonicalNumber } from "../figure.js";
import { significant } from "../numbers.js";
import { display } from "./display.js";

/** Options of a claim. */
export interface ClaimOptions {
  /** A quantity of the clock or the machine: the value is left out of the output, which stays the same in each run. */
  readonly measured?: boolean;
  /** Significant digits of the value (default 4). */
  readonly digits?: number;
}

/** The MIME type under which a claim can be read back from an executed notebook. */
export const CLAIM_MIME = "application/vnd.vitrade.claim+json";

/**
 * Asserts that `text` holds: that `value` lies in `interval` (both ends included), or that the condition is true.
 *
 * NaN never holds. At the full budget on the default market a claim that does not hold stops the notebook; elsewhere it is
 * reported and the notebook goes on. A value that is undefined, such as `market.truth?.forecastIc`, says that there is nothing to
 * judge: on other bars than the simulated the claim is not applicable, neither held nor failed; on the simulated it does not hold.
 * @throws Error with text, value and interval when the claim does not hold and is enforced.
 * @throws RangeError when `text` is blank or the interval is missing, not ordered or NaN.
 */
export function claim(text: string, condition: boolean | undefined): void;
export function claim(
  text: string,
  value: number | undefined,
  interval: readonly [number, number],
  options?: ClaimOptions,
): void;
export function claim(
  text: string,
  value: number | boolean | undefined,
  interval?: readonly [number, number],
  options: ClaimOptions = {},
): void {
  if (text.trim() === "") throw new RangeError("claim: expected a sentence, got a blank text");
  if (value === undefined && !truthIsKnown()) {
    showNotApplicable(text);
    return;
  }
  const judged = judgeClaim(text, value, interval, options);
  const mode: ClaimMode = claimMode();
  if (!judged.held && mode === "enforced") throw new Error(`claim does not hold: ${judged.failure}`);
  const mark = judged.held ? "✓" : "✗ (reported)";
  display({ [CLAIM_MIME]: { ...judged.record, mode }, "text/plain": `${mark} ${judged.line}` });
}

/** A claim of these bars that nobody can judge. */
function showNotApplicable(text: string): void {
  const record = {
    applicable: false,
    held: false,
    measured: false,
    text,
    mode: "reported" satisfies ClaimMode,
  };
  display({ [CLAIM_MIME]: record, "text/plain": `– (not applicable to these bars) ${text}` });
}

/** A sentence with what was found of it. */
export interface JudgedClaim {
  readonly held: boolean;
  readonly record: Readonly<Record<string, unknown>>;
  readonly line: string;
  readonly failure: string;
}

/**
 * Whether a sentence holds: that its condition is true, or its value within the interval.
 * @throws RangeError when the sentence is blank, or the interval of a value is missing, not ordered or NaN.
 */
export function judgeClaim(
  text: string,
  value: number | boolean | undefined,
  interval?: readonly [number, number],
  options: ClaimOptions = {},
): JudgedClaim {
  if (text.trim() === "") throw new RangeError("claim: expected a sentence, got a blank text");
  return typeof value === "number" ? judgeValue(text, value, interval, options) : judgeCondition(text, value);
}

function judgeCondition(text: string, condition: boolean | undefined): JudgedClaim {
  const held = condition ?? false;
  return {
    held,
    record: { held, measured: false, text, value: held },
    line: text,
    failure: `${text}: ${condition === undefined ? "there is no value" : "the condition is false"}`,
  };
}

function judgeValue(
  text: string,
  value: number,
  interval: readonly [number, number] | undefined,
  options: ClaimOptions,
): JudgedClaim {
  if (!interval || !(interval[0] <= interval[1])) {
    throw new RangeError(
      `claim "${text}": expected an interval [low, high], got ${interval?.join(", ") ?? "none"}`,
    );
  }
  const [low, high] = interval;
  const held = value >= low && value <= high;
  const measured = options.measured ?? false;
  const relation = `${held ? "in" : "not in"} ${shownInterval(low, high)}`;
  const said = Number.isNaN(value) ? "NaN" : significant(value, options.digits ?? 4);
  const limits = { low: canonicalNumber(low), high: canonicalNumber(high) };
  return {
    held,
    record: { ...limits, held, measured, text, ...(measured ? {} : { value: canonicalNumber(value) }) },
    line: `${text}: ${measured ? "" : `${said} `}${relation}`,
    failure: `${text}: ${value} ${relation}`,
  };
}

function shownInterval(low: number, high: number): string {
  const [from, to] = [shown(low), shown(high)];
  return `${low === Number.NEGATIVE_INFINITY ? "(" : "["}${from}, ${to}${high === Number.POSITIVE_INFINITY ? ")" : "]"}`;
}

/** An end of an interval: as it was given, but for the float noise of what computed it, such as 3.3699999999999997 for 3.37. */
function shown(end: number): string {
  if (!Number.isFinite(end)) return significant(end, 1);
  return String(Number(end.toPrecision(13))).replaceAll("-", "−");
}
