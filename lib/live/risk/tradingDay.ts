/** The loss of a UTC day. */
import type { RiskLimitOptions } from "./riskOptions.js";

/** Survives JSON. */
export interface TradingDay {
  /** Days since the epoch; null before the first close. A close at midnight ends its day. */
  readonly day: number | null;
  /** Equity when the day began, or since the limit was reset. */
  readonly begunWith: number;
  /** Equity at the last close. */
  readonly last: number;
  /** Why no risk is taken; null while it is. */
  readonly tripped: string | null;
}

const DAY = 86_400_000;

export function startDay(capital: number): TradingDay {
  return { day: null, begunWith: capital, last: capital, tripped: null };
}

/** The day after a close, which may trip the limit, and which a new day may lift. */
export function dailyLoss(
  before: TradingDay,
  { time, equity }: { readonly time: number; readonly equity: number },
  limit: RiskLimitOptions["dailyLoss"],
): TradingDay {
  const day = Math.floor((time - 1) / DAY);
  const isNew = day !== before.day;
  const begunWith = isNew ? before.last : before.begunWith;
  const kept = isNew && limit?.until === "next day" ? null : before.tripped;
  const lost = begunWith - equity;
  if (!limit || kept !== null || !(lost > limit.share * begunWith))
    return { day, begunWith, last: equity, tripped: kept };
  const date = new Date(day * DAY).toISOString().slice(0, 10);
  const tripped = `lost ${((100 * lost) / begunWith).toFixed(2)} % on ${date}, more than ${100 * limit.share} %`;
  return { day, begunWith, last: equity, tripped };
}
