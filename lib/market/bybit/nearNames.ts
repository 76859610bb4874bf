/** Symbols that a name may have meant. */
import type { CcxtBybit } from "./client.js";

const FARTHEST = 3;
const MOST = 3;

/** Units of a contract in its name, in front or before the quote: 1000PEPEUSDT, SHIB1000USDT. */
const UNITS = /^10{2,}(?=[A-Z])|(?<=[A-Z])10{2,}(?=USD|PERP)/;

/** Up to three of the names: those that differ by the units of their contract alone, then those within three letters, the nearest first. */
export function nearNames(symbol: string, names: readonly string[]): string[] {
  const plain = symbol.replace(UNITS, "");
  return names
    .map((name) => ({ name, distance: name.replace(UNITS, "") === plain ? 0 : editDistance(symbol, name) }))
    .filter(({ distance }) => distance <= FARTHEST)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, MOST)
    .map(({ name }) => name);
}

/** The symbols that Bybit lists in a category, asked for once; none where the list cannot be had: it only adorns an error. */
export function listedNames(
  client: CcxtBybit,
  turn: () => Promise<void>,
): (category: string) => Promise<readonly string[]> {
  const lists = new Map<string, Promise<readonly string[]>>();
  return (category) => {
    const list =
      lists.get(category) ??
      turn()
        .then(() => listed(client, category))
        .catch(() => []);
    lists.set(category, list);
    return list;
  };
}

/**
 * Letters to insert, delete, replace or swap with their neighbour to make `a` into `b`.
 * @see Damerau 1964, Levenshtein 1966 (optimal string alignment)
 */
export function editDistance(a: string, b: string): number {
  let older: number[] = [];
  let old = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      row[j] = Math.min(old[j]! + 1, row[j - 1]! + 1, old[j - 1]! + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) row[j] = Math.min(row[j]!, older[j - 2]! + 1);
    }
    [older, old] = [old, row];
  }
  return old[b.length]!;
}

async function listed(client: CcxtBybit, category: string): Promise<string[]> {
  const body = await client.publicGetV5MarketInstrumentsInfo({ category, limit: 1000 });
  const { list } = (body as { result: { list: { symbol: string }[] } }).result;
  return list.map(({ symbol }) => symbol);
}
