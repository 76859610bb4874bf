/** Funding as it falls due. Internal to `account`. */
import type { Account } from "./accountTypes.js";

/** Pays what fell due up to `until` on what is held now, at the last known price. */
export function payFunding(account: Account, until: number): void {
  if (!(until >= account.nextDue)) return;
  const { fundings, nextFunding, positions, marks, runs, columns, row } = account;
  account.nextDue = Number.POSITIVE_INFINITY;
  for (let a = 0; a < fundings.length; a++) {
    const { time, rate } = fundings[a]!;
    for (; nextFunding[a]! < time.length && time[nextFunding[a]!]! <= until; nextFunding[a]!++) {
      if (positions[a] === 0) continue;
      const paid = positions[a]! * marks[a]! * rate[nextFunding[a]!]!;
      account.cash -= paid;
      account.equity -= paid;
      columns.funding[row]! += paid;
      runs.profit[a]! -= paid;
    }
    account.nextDue = Math.min(account.nextDue, time[nextFunding[a]!] ?? Number.POSITIVE_INFINITY);
  }
}

/** Adds a rate to what falls due of asset `a`, and forgets what is paid. */
export function addFunding(
  account: Account,
  a: number,
  due: { readonly time: number; readonly rate: number },
): void {
  const { time, rate } = account.fundings[a]!;
  const next = account.nextFunding[a]!;
  account.fundings[a] = {
    time: Float64Array.of(...time.subarray(next), due.time),
    rate: Float64Array.of(...rate.subarray(next), due.rate),
  };
  account.nextFunding[a] = 0;
  account.nextDue = Math.min(account.nextDue, due.time);
}
