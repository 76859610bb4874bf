/** The limits that may be set. What is not given does not bind. */
import { checkCount, checkPositive } from "../../core/index.js";

/** Limits of risk; one that is left out does not bind. */
export interface RiskLimitOptions {
  /** Most of Σ|w|, of |Σw|, and of a single |w|, as shares of equity. */
  readonly grossExposure?: number;
  readonly netExposure?: number;
  readonly position?: number;
  /** Most that may be lost of the equity with which a UTC day began; after more, flat until then. */
  readonly dailyLoss?: { readonly share: number; readonly until: "next day" | "reset" };
  /** Oldest data on which risk is taken, milliseconds: since the bar closed, and since the order book last changed. */
  readonly stale?: { readonly barMs?: number; readonly bookMs?: number };
  /**
   * Latent + epistemic variance above which a symbol is flat: a number, or the quantile of its last `window` decisions, which binds
   * once there are so many.
   */
  readonly modelUncertainty?:
    | { readonly above: number }
    | { readonly quantile: number; readonly window: number };
  /** Widest quoted spread on which risk is taken, basis points. */
  readonly spreadBps?: number;
}

/** Throws a RangeError naming a limit that is out of range. */
export function checkRiskOptions(options: RiskLimitOptions): void {
  const { dailyLoss, stale = {}, modelUncertainty, ...rest } = options;
  const positive = { ...rest, "stale.barMs": stale.barMs, "stale.bookMs": stale.bookMs };
  for (const [name, value] of Object.entries(positive)) if (value !== undefined) checkPositive(name, value);
  if (dailyLoss && !(dailyLoss.share > 0 && dailyLoss.share < 1))
    throw new RangeError(`dailyLoss.share: expected a share in (0, 1), got ${dailyLoss.share}`);
  if (modelUncertainty) checkUncertainty(modelUncertainty);
}

function checkUncertainty(limit: NonNullable<RiskLimitOptions["modelUncertainty"]>): void {
  if ("above" in limit) {
    checkPositive("modelUncertainty.above", limit.above);
    return;
  }
  checkCount("modelUncertainty.window", limit.window, 2);
  if (!(limit.quantile > 0 && limit.quantile < 1))
    throw new RangeError(`modelUncertainty.quantile: expected a share in (0, 1), got ${limit.quantile}`);
}
