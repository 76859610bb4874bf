/** The markets of Bybit V5 and the units in which they count. */
import type { Category } from "../../market/index.js";
import { decimal } from "./decimal.js";

/** Volume and turnover of a candle from both in base and quote units: inverse counts contracts of one dollar and base units. */
export function amounts(
  volume: number,
  turnover: number,
  category: Category,
): [volume: string, turnover: string] {
  if (category === "inverse") return [decimal(Math.round(turnover)), decimal(volume)];
  return [decimal(volume), decimal(Number(turnover.toFixed(4)))];
}

/** The size of a trade or level from units of the base asset: inverse counts contracts of one dollar. */
export function sizeText(price: number, size: number, category: Category): string {
  return decimal(category === "inverse" ? Math.round(price * size) : size);
}
