/** The limit on model uncertainty above which no risk is taken on a symbol. */
import { quantile } from "../../core/index.js";
import type { RiskLimitOptions } from "./riskOptions.js";

type Limit = RiskLimitOptions["modelUncertainty"];

/** Why a model uncertainty, a variance, is too large, against those seen before, or not known; undefined where neither is so. */
export function excessUncertainty(
  uncertainty: number,
  seen: readonly number[],
  limit: Limit,
): string | undefined {
  if (!limit) return undefined;
  if ("quantile" in limit && seen.length < limit.window) return undefined;
  const most = "above" in limit ? limit.above : quantile(seen, limit.quantile);
  if (Number.isNaN(uncertainty)) return "model uncertainty is not known";
  if (!(uncertainty > most)) return undefined;
  const what = "above" in limit ? "the limit" : `quantile ${limit.quantile} of the last ${limit.window}`;
  return `model uncertainty ${uncertainty.toPrecision(3)} exceeds ${what}, ${most.toPrecision(3)}`;
}

/** Adds a variance to the trailing ones, where a limit asks for them. */
export function seeUncertainty(seen: number[], uncertainty: number, limit: Limit): void {
  if (!limit || !("quantile" in limit) || !Number.isFinite(uncertainty)) return;
  seen.push(uncertainty);
  if (seen.length > limit.window) seen.shift();
}
