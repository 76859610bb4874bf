/** Notes of a chapter on other bars than the simulated ones for which its sentences were written. */

import type { Bars } from "../../core/index.js";
import { claimMode } from "../../core/index.js";
import { type Bundle, display } from "./display.js";

/** The MIME types under which both can be read back from an executed notebook. */
export const NOT_ASKED_MIME = "application/vnd.vitrade.notasked+json";
export const BANNER_MIME = "application/vnd.vitrade.banner+json";

/**
 * Says in one line that a part of the chapter is left out, and why: "Not asked of these bars: REASON."
 * @param reason  what these bars lack, such as "their regimes are not known"
 * @throws RangeError when it is blank.
 */
export function notAsked(reason: string): void {
  if (reason.trim() === "") throw new RangeError("notAsked: expected a reason, got a blank text");
  display({ [NOT_ASKED_MIME]: { reason }, "text/plain": `Not asked of these bars: ${reason}.` });
}

/**
 * The result of `use` for `known`; where that is undefined (or a condition is false) it is left out, with the reason, as by `notAsked`.
 *
 * `const best = onlyWith(market.truth, "no forecast can be known to be best", (truth) => bestPortfolio(truth, truth.mean))`
 */
export function onlyWith<T, U>(
  known: T,
  reason: string,
  use: (known: Exclude<NonNullable<T>, false>) => U,
): U | undefined {
  if (known !== undefined && known !== null && known !== false)
    return use(known as Exclude<NonNullable<T>, false>);
  notAsked(reason);
  return undefined;
}

/**
 * The title of a figure: what was found, where the claims that prove it are enforced; elsewhere what is drawn.
 * @param found  such as "The size of a move is remembered for weeks"
 * @param drawn  such as "Autocorrelation of returns and of their size"
 */
export function finding(found: string, drawn: string): string {
  return claimMode() === "enforced" ? found : drawn;
}

/** A market as `openMarket` returns it, as far as a banner tells of it. */
export interface BannerMarket {
  readonly source: string;
  readonly simulated: boolean;
  readonly symbols: readonly string[];
  readonly bars: readonly Bars[];
}

/** Says, of a market that is not simulated, whose bars these are and that the sentences of the chapter were written for others. */
export function marketBanner(market: BannerMarket): void {
  if (!market.simulated) display(bannerOf(market));
}

/** The bundle that `marketBanner` displays: MIME type → content. */
export function bannerOf({ source, symbols, bars }: BannerMarket): Bundle {
  const { openTime, stepMs } = bars[0]!;
  const [first, last] = [openTime[0]!, openTime[openTime.length - 1]!];
  const missing = Math.round((last - first) / stepMs) + 1 - openTime.length;
  const holes = missing === 0 ? "none missing between" : `${missing} missing between`;
  const text =
    `Real bars: ${source}, ${symbols.join(", ")}, ${openTime.length} bars from ${isoDay(first)} to ${isoDay(last)}, ${holes}. ` +
    "The sentences of this chapter were written for the simulated market; of these bars speak only the outputs.";
  return { [BANNER_MIME]: { text }, "text/markdown": `> **${text}**`, "text/plain": text };
}

function isoDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
