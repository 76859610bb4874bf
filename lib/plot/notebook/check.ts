/** Checks of a section: what its prose says, asserted out of the reader's way, in one line that opens to a list. */
import { checkMode, truthIsKnown } from "../../core/index.js";
import { type JudgedClaim, judgeClaim } from "./claim.js";
import { display } from "./display.js";

/** A sentence that must stay true. */
export interface Check {
  /** The sentence, without the number. */
  readonly says: string;
  /** Whether it is so; for a sentence without a number. Undefined says that these bars cannot tell. */
  readonly holds?: boolean | undefined;
  /** A number that must lie within `within`, both ends included. Undefined says that these bars cannot tell. */
  readonly value?: number | undefined;
  readonly within?: readonly [number, number];
  /** Where the limits are from, such as "theory" or "3 standard errors": they are set before the value is seen. */
  readonly because?: string;
  /** A quantity of the clock or the machine: the value is left out of the output, which stays the same in each run. */
  readonly measured?: boolean;
}

/** The MIME type under which checks can be read back from an executed notebook. */
export const CHECKS_MIME = "application/vnd.vitrade.checks+json";

/**
 * Asserts all checks and displays one line, such as "✓ 6 checks", that opens to the list.
 *
 * NaN never holds. In a reproduction at the full budget on the simulated market a check that does not hold stops the notebook, after
 * the line was shown; elsewhere the line says so and the notebook goes on. On other bars an undefined value is not applicable.
 * @throws Error naming the first check that does not hold, where checks are enforced.
 * @throws RangeError when there is no check, a sentence is blank, or limits are missing, not ordered or NaN.
 */
export function check(...checks: readonly Check[]): void {
  if (checks.length === 0) throw new RangeError("check: expected at least one, got none");
  const mode = checkMode();
  const judged = checks.map(judge);
  const failed = judged.filter(({ held, record }) => !held && record.applicable !== false);
  const summary = summaryOf(judged, failed.length);
  display({
    [CHECKS_MIME]: { mode, checks: judged.map(({ record }) => record) },
    "text/html": htmlOf(summary, judged),
    "text/plain": [summary, ...judged.map(({ line }) => `  ${line}`)].join("\n"),
  });
  if (failed.length > 0 && mode === "enforced") throw new Error(`check does not hold: ${failed[0]!.failure}`);
}

function judge({ says, holds, value, within, because, measured }: Check): JudgedClaim {
  const about = because ? { because } : {};
  const nothing = within === undefined ? holds === undefined : value === undefined;
  if (nothing && !truthIsKnown())
    return {
      held: false,
      record: { ...about, applicable: false, held: false, measured: false, text: says },
      line: `– ${says} (not applicable to these bars)`,
      failure: says,
    };
  const judged = judgeClaim(says, within === undefined ? holds : value, within, measured ? { measured } : {});
  const mark = judged.held ? "✓" : "✗";
  return {
    ...judged,
    record: { ...judged.record, ...about },
    line: `${mark} ${judged.line}${because ? `; ${because}` : ""}`,
  };
}

function summaryOf(all: readonly JudgedClaim[], failed: number): string {
  const unknown = all.filter(({ record }) => record.applicable === false).length;
  const asked = all.length - unknown;
  const noun = (n: number) => `${n} ${n === 1 ? "check" : "checks"}`;
  const rest = unknown > 0 ? `, ${unknown} not applicable to these bars` : "";
  return failed === 0 ? `✓ ${noun(asked)}${rest}` : `✗ ${failed} of ${noun(asked)} not held${rest}`;
}

function htmlOf(summary: string, all: readonly JudgedClaim[]): string {
  const items = all.map(({ line }) => `<li>${escaped(line)}</li>`).join("");
  return `<details><summary>${escaped(summary)}</summary><ul style="list-style:none">${items}</ul></details>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
